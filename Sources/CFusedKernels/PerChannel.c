#include <stdlib.h>

#include "Planes.h"

/// An element-wise map with one coefficient a lane.
struct context {
    struct fk_view view;
    float *table;
    const float *x;
    float *y;
    float offset;
};

FK_INLINE void add_rows(
    const float *x, float *y, int64_t rows, int64_t stride, const float *table, float offset
) {
    (void)offset;
    const fk_lanes bias = FK_LOAD(table);
    for (int64_t row = 0; row < rows; ++row) FK_STORE(y + row * stride, FK_LOAD(x + row * stride) + bias);
}

/// e^x for x ≤ 88 within 2 units of the last place: 2^n·p(r), x = n·ln 2 + r, |r| ≤ ½ ln 2, with p Taylor's
/// polynomial of degree 7 (its remainder is below 4e−9). 2^n is applied in two halves, since n may be below the least
/// exponent of a normal number: results fade into the subnormal numbers and, below e^−104, into 0.
FK_INLINE void exponential(fk_lanes *x) {
    const float shifter = 12582912;  // 1.5·2^23: adding it rounds to an integer, in the low bits
    const fk_lanes low = FK_SELECT(*x < -105, (fk_lanes){} - 105, *x);
    const fk_lanes shifted = low * 1.44269504f + shifter;
    const fk_lanes whole = shifted - shifter;
    const fk_lanes rest = low - whole * 0.693359375f + whole * 2.12194440e-4f;
    fk_lanes sum = rest * (1.0f / 5040) + 1.0f / 720;
    sum = sum * rest + 1.0f / 120;
    sum = sum * rest + 1.0f / 24;
    sum = sum * rest + 1.0f / 6;
    sum = sum * rest + 0.5f;
    sum = sum * rest + 1;
    sum = sum * rest + 1;
    // The low bits hold n; those above are the shifter's.
    const fk_lane_mask n = (fk_lane_mask)shifted - 0x4B400000, half = n >> 1;
    sum *= (fk_lanes)((half + 127) << 23);
    // NaN stays NaN, which the limit above would hide.
    *x = FK_SELECT(*x == *x, sum * (fk_lanes)((n - half + 127) << 23), *x);
}

/// e^offset·σ(x) from e^−|x|, which cannot overflow; `valid` is 0 in padding.
FK_INLINE void sigmoid_rows(
    const float *x, float *y, int64_t rows, int64_t stride, const float *table, float offset
) {
    const fk_lanes valid = FK_LOAD(table);
    for (int64_t row = 0; row < rows; ++row) {
        const fk_lanes value = FK_LOAD(x + row * stride);
        fk_lanes power = FK_SELECT(value > 0, -value, value);
        exponential(&power);
        fk_lanes numerator = FK_SELECT(value > 0, (fk_lanes){}, value) + offset;
        if (offset != 0) exponential(&numerator);
        else numerator = FK_SELECT(value > 0, (fk_lanes){} + 1, power);
        // Not a product: 0 times what is not finite is no 0.
        FK_STORE(y + row * stride, FK_WHERE(valid != 0, numerator / (1 + power)));
    }
}

#define FK_FOR_PLANES(rows_of)                                                                              \
    const struct context *context = argument;                                                               \
    const int64_t stride = context->view.row_stride;                                                        \
    for (int64_t index = begin; index < end; ++index) {                                                     \
        const struct fk_plane plane = fk_plane_at(&context->view, index);                                   \
        const float *table = context->table + plane.group * FK_LANES;                                       \
        rows_of(                                                                                             \
            context->x + plane.offset, context->y + plane.offset, plane.rows, stride, table, context->offset); \
        for (int64_t row = 0; row < plane.partial_rows; ++row) {                                            \
            float lanes[FK_LANES] = {0};                                                                    \
            const int64_t at = plane.partial_offset + row * stride;                                         \
            memcpy(lanes, context->x + at, plane.partial_lanes * sizeof(float));                            \
            rows_of(lanes, lanes, 1, FK_LANES, table, context->offset);                                         \
            memcpy(context->y + at, lanes, plane.partial_lanes * sizeof(float));                            \
        }                                                                                                   \
    }

static FK_CLONES void add_planes(const void *argument, int64_t begin, int64_t end) {
    FK_FOR_PLANES(add_rows)
}

static FK_CLONES void sigmoid_planes(const void *argument, int64_t begin, int64_t end) {
    FK_FOR_PLANES(sigmoid_rows)
}

static void run(
    fk_body body, fk_shape shape, const float *x, const double *numbers, float offset, float *y, int threads
) {
    struct context context = {.view = fk_view_of(shape), .x = x, .y = y, .offset = offset};
    const struct fk_view *view = &context.view;
    context.table = fk_scratch(view->groups * FK_LANES * sizeof(float));
    fk_spread(view, numbers, context.table);
    fk_split(body, &context, view->planes, view->elements, threads);
    free(context.table);
}

void fk_add_bias(fk_shape shape, const float *x, const double *bias, float *y, int threads) {
    run(add_planes, shape, x, bias, 0, y, threads);
}

void fk_sigmoid(fk_shape shape, const float *x, float offset, float *y, int threads) {
    double *ones = fk_scratch(shape.channels * sizeof(double));
    for (int64_t channel = 0; channel < shape.channels; ++channel) ones[channel] = 1;
    run(sigmoid_planes, shape, x, ones, offset, y, threads);
    free(ones);
}
