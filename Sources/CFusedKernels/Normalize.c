#include <stdlib.h>

#include "NormalizationTable.h"

struct context {
    struct fk_view view;
    struct fk_normalization_table table;
    int rectified;
    const float *x;
    float *y;
};

FK_INLINE void rows_of(
    const float *x, float *y, int64_t rows, int64_t stride, const struct fk_normalization_lanes *map,
    int rectified
) {
    const fk_lanes mean = map->mean, inverse = map->inverse, scale = map->scale, shift = map->shift;
    for (int64_t row = 0; row < rows; ++row) {
        const fk_lanes z = (FK_LOAD(x + row * stride) - mean) * inverse * scale + shift;
        FK_STORE(y + row * stride, rectified ? FK_RECTIFY(z) : z);
    }
}

static FK_CLONES void normalize_planes(const void *argument, int64_t begin, int64_t end) {
    const struct context *context = argument;
    const int64_t stride = context->view.row_stride;
    // Backwards: the planes that the statistics read last are still in the cache.
    for (int64_t index = end - 1; index >= begin; --index) {
        const struct fk_plane plane = fk_plane_at(&context->view, index);
        const struct fk_normalization_lanes map = fk_lanes_of(&context->table, plane.group);
        const float *x = context->x + plane.offset;
        if (context->rectified) rows_of(x, context->y + plane.offset, plane.rows, stride, &map, 1);
        else rows_of(x, context->y + plane.offset, plane.rows, stride, &map, 0);
        for (int64_t row = 0; row < plane.partial_rows; ++row) {
            float lanes[FK_LANES] = {0};
            const int64_t at = plane.partial_offset + row * stride;
            memcpy(lanes, context->x + at, plane.partial_lanes * sizeof(float));
            rows_of(lanes, lanes, 1, FK_LANES, &map, context->rectified);
            memcpy(context->y + at, lanes, plane.partial_lanes * sizeof(float));
        }
    }
}

void fk_normalize(fk_shape shape, const float *x, fk_normalization map, float *y, int threads) {
    struct context context = {.view = fk_view_of(shape), .rectified = map.rectified, .x = x, .y = y};
    context.table = fk_normalization_table_of(&context.view, &map);
    fk_split(normalize_planes, &context, context.view.planes, context.view.elements, threads);
    free(context.table.memory);
}

void fk_normalize_piece(const fk_normalizer *normalizer, fk_shape piece, const float *x, float *y) {
    const struct context context = {
        .view = fk_view_of(piece), .table = normalizer->table, .rectified = normalizer->rectified, .x = x,
        .y = y};
    normalize_planes(&context, 0, context.view.planes);
}
