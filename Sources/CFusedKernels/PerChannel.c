#include <stdlib.h>

#include "Exponential.h"
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

/// e^offset·σ(x) from e^−|x|, which cannot overflow; `valid` is 0 in padding.
FK_INLINE void sigmoid_rows(
    const float *x, float *y, int64_t rows, int64_t stride, const float *table, float offset
) {
    const fk_lanes valid = FK_LOAD(table);
    for (int64_t row = 0; row < rows; ++row) {
        const fk_lanes value = FK_LOAD(x + row * stride);
        fk_lanes power = FK_SELECT(value > 0, -value, value);
        fk_exponential(&power);
        fk_lanes numerator = FK_SELECT(value > 0, (fk_lanes){}, value) + offset;
        if (offset != 0) fk_exponential(&numerator);
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
