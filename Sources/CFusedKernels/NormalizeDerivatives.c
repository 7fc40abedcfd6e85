#include <stdlib.h>

#include "NormalizationTable.h"

/// Rows that are summed in single precision before they join the double sums.
#define CHUNK 256

/// Both derivatives of z = scale·x̂ + shift followed by the rectifier, at x. The pull-back masks its
/// argument, the push-forward its result; the affine part, a symmetric map per channel, is the same.
struct context {
    struct fk_view view;
    struct fk_normalization_table table;
    int mask_argument;
    int mask_result;
    const float *v;
    const float *x;
    /// Joins the result times its factor; NULL for none.
    const float *addend;
    float addend_factor;
    float *result;
    /// Σ v and Σ v·x̂ of every plane and lane.
    double *sums;
};

FK_INLINE void chunk_sums(
    const float *v, const float *x, int64_t rows, int64_t stride, const struct fk_normalization_lanes *map,
    int masked, double *sums
) {
    const fk_lanes mean = map->mean, inverse = map->inverse, scale = map->scale, shift = map->shift;
    fk_lanes first[2] = {0}, second[2] = {0};
    for (int64_t row = 0; row < rows; row += 2) {
        for (int k = 0; k < 2 && row + k < rows; ++k) {
            const fk_lanes normal = (FK_LOAD(x + (row + k) * stride) - mean) * inverse;
            const fk_lanes whole = FK_LOAD(v + (row + k) * stride);
            const fk_lanes part = masked ? FK_WHERE(normal * scale + shift > (fk_lanes){}, whole) : whole;
            first[k] += part;
            second[k] += part * normal;
        }
    }
    fk_doubles *totals = (fk_doubles *)sums;
    totals[0] += FK_DOUBLES(first[0] + first[1]);
    totals[1] += FK_DOUBLES(second[0] + second[1]);
}

static FK_CLONES void sum_planes(const void *argument, int64_t begin, int64_t end) {
    const struct context *context = argument;
    const int64_t stride = context->view.row_stride;
    for (int64_t index = begin; index < end; ++index) {
        const struct fk_plane plane = fk_plane_at(&context->view, index);
        const struct fk_normalization_lanes map = fk_lanes_of(&context->table, plane.group);
        double *sums = context->sums + index * 2 * FK_LANES;
        memset(sums, 0, 2 * FK_LANES * sizeof(double));
        for (int64_t row = 0; row < plane.rows; row += CHUNK) {
            const int64_t rows = plane.rows - row < CHUNK ? plane.rows - row : CHUNK;
            const int64_t at = plane.offset + row * stride;
            if (context->mask_argument)
                chunk_sums(context->v + at, context->x + at, rows, stride, &map, 1, sums);
            else
                chunk_sums(context->v + at, context->x + at, rows, stride, &map, 0, sums);
        }
        for (int64_t row = 0; row < plane.partial_rows; ++row) {
            float v[FK_LANES] = {0}, x[FK_LANES] = {0};
            const int64_t at = plane.partial_offset + row * stride;
            memcpy(v, context->v + at, plane.partial_lanes * sizeof(float));
            memcpy(x, context->x + at, plane.partial_lanes * sizeof(float));
            chunk_sums(v, x, 1, FK_LANES, &map, context->mask_argument, sums);
        }
    }
}

FK_INLINE void apply_rows(
    const float *v, const float *x, const float *addend, float factor, float *result, int64_t rows,
    int64_t stride, const struct fk_normalization_lanes *map, int mask_argument, int mask_result
) {
    const fk_lanes mean = map->mean, inverse = map->inverse, scale = map->scale, shift = map->shift;
    const fk_lanes gain = map->gain, slope = map->slope, offset = map->offset;
    for (int64_t row = 0; row < rows; ++row) {
        const fk_lanes normal = (FK_LOAD(x + row * stride) - mean) * inverse;
        const fk_lane_mask open = normal * scale + shift > (fk_lanes){};
        const fk_lanes whole = FK_LOAD(v + row * stride);
        const fk_lanes part = mask_argument ? FK_WHERE(open, whole) : whole;
        fk_lanes image = part * gain + (normal * slope + offset);
        if (addend) image += factor * FK_LOAD(addend + row * stride);
        FK_STORE(result + row * stride, mask_result ? FK_WHERE(open, image) : image);
    }
}

static FK_CLONES void apply_planes(const void *argument, int64_t begin, int64_t end) {
    const struct context *context = argument;
    const int64_t stride = context->view.row_stride;
    // Backwards: the planes that the sums read last are still in the cache.
    for (int64_t index = end - 1; index >= begin; --index) {
        const struct fk_plane plane = fk_plane_at(&context->view, index);
        const struct fk_normalization_lanes map = fk_lanes_of(&context->table, plane.group);
        const float *v = context->v + plane.offset, *x = context->x + plane.offset;
        float *result = context->result + plane.offset;
        const float *addend = context->addend ? context->addend + plane.offset : NULL;
        const float factor = context->addend_factor;
        if (context->mask_argument && addend)
            apply_rows(v, x, addend, factor, result, plane.rows, stride, &map, 1, 0);
        else if (context->mask_argument)
            apply_rows(v, x, NULL, 0, result, plane.rows, stride, &map, 1, 0);
        else if (context->mask_result) apply_rows(v, x, NULL, 0, result, plane.rows, stride, &map, 0, 1);
        else apply_rows(v, x, addend, factor, result, plane.rows, stride, &map, 0, 0);
        for (int64_t row = 0; row < plane.partial_rows; ++row) {
            float v[FK_LANES] = {0}, x[FK_LANES] = {0};
            const int64_t at = plane.partial_offset + row * stride;
            memcpy(v, context->v + at, plane.partial_lanes * sizeof(float));
            memcpy(x, context->x + at, plane.partial_lanes * sizeof(float));
            float more[FK_LANES] = {0};
            if (addend) memcpy(more, context->addend + at, plane.partial_lanes * sizeof(float));
            apply_rows(
                v, x, more, factor, v, 1, FK_LANES, &map, context->mask_argument, context->mask_result);
            memcpy(context->result + at, v, plane.partial_lanes * sizeof(float));
        }
    }
}

/// Σ v and Σ v·x̂ of every channel, in scratch memory.
static double *channel_sums(struct context *context, int threads) {
    const struct fk_view *view = &context->view;
    context->sums = fk_scratch(view->planes * 2 * FK_LANES * sizeof(double));
    double *channels = fk_scratch(2 * view->channels * sizeof(double));
    fk_split(sum_planes, context, view->planes, view->elements, threads);
    fk_sum_planes(view, 2, context->sums, channels);
    free(context->sums);
    return channels;
}

/// The pull-back to scale and shift from Σ v and Σ v·x̂ of every channel.
static void parameter_gradients(
    const struct fk_view *view, const fk_normalization *map, const double *sums, double *scale, double *shift
) {
    for (int64_t channel = 0; channel < view->channels; ++channel) {
        shift[channel] = sums[channel];
        // The second sum was taken with the rounded mean.
        scale[channel] =
            sums[view->channels + channel] - fk_normalization_residue(map, channel) * sums[channel];
    }
}

/// Two parallel regions: sums, then the map; one where nothing asks for the sums.
static void differentiate(
    struct context *context, fk_shape shape, const fk_normalization *map, double *scale, double *shift,
    int threads
) {
    const struct fk_view *view = &context->view;
    context->table = fk_normalization_table_of(view, map);
    double *sums = map->of_batch || scale ? channel_sums(context, threads) : NULL;
    if (scale) parameter_gradients(view, map, sums, scale, shift);
    fk_set_derivative(
        view, map, map->of_batch ? sums : NULL, (double)(shape.batch * shape.area), &context->table);
    fk_split(apply_planes, context, view->planes, view->elements, threads);
    free(sums);
    free(context->table.memory);
}

void fk_normalize_pullback(
    fk_shape shape, const float *cotangent, const float *x, fk_normalization map, float *result,
    double *scale, double *shift, int threads
) {
    struct context context = {
        .view = fk_view_of(shape), .mask_argument = map.rectified, .v = cotangent, .x = x, .result = result};
    differentiate(&context, shape, &map, scale, shift, threads);
}

void fk_normalize_pushforward(
    fk_shape shape, const float *tangent, const float *x, fk_normalization map, float *result, int threads
) {
    struct context context = {
        .view = fk_view_of(shape), .mask_result = map.rectified, .v = tangent, .x = x, .result = result};
    differentiate(&context, shape, &map, NULL, NULL, threads);
}

int64_t fk_cotangent_sums_count(fk_shape shape) { return fk_view_of(shape).planes * 2 * FK_LANES; }

void fk_cotangent_sums_of_piece(
    const fk_normalizer *normalizer, fk_shape whole, int64_t first_sample, int64_t samples,
    const float *cotangent, const float *x, double *sums
) {
    const int64_t groups = fk_view_of(whole).groups;
    whole.batch = samples;
    struct context context = {
        .view = fk_view_of(whole), .table = normalizer->table, .mask_argument = normalizer->rectified,
        .v = cotangent, .x = x, .sums = sums + first_sample * groups * 2 * FK_LANES};
    sum_planes(&context, 0, context.view.planes);
}

void fk_parameter_gradients_of_sums(
    fk_shape whole, fk_normalization map, const double *sums, double *scale, double *shift
) {
    const struct fk_view view = fk_view_of(whole);
    double *channels = fk_scratch(2 * view.channels * sizeof(double));
    fk_sum_planes(&view, 2, sums, channels);
    parameter_gradients(&view, &map, channels, scale, shift);
    free(channels);
}

void fk_normalize_pullback_of_piece(
    const fk_normalizer *normalizer, fk_shape piece, const float *cotangent, const float *x,
    const float *addend, float addend_factor, float *result
) {
    const struct context context = {
        .view = fk_view_of(piece), .table = normalizer->table, .mask_argument = normalizer->rectified,
        .v = cotangent, .x = x, .addend = addend, .addend_factor = addend_factor, .result = result};
    apply_planes(&context, 0, context.view.planes);
}
