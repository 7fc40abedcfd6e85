#include "Planes.h"

#include <stdlib.h>

struct fk_view fk_view_of(fk_shape shape) {
    const int64_t blocks = (shape.channels + shape.block - 1) / shape.block;
    const int64_t plane = shape.area * shape.block;
    if (shape.area == 1 && shape.block == 1) {
        const int64_t groups = (shape.channels + FK_LANES - 1) / FK_LANES;
        return (struct fk_view){
            .planes = groups, .groups = groups, .channels = shape.channels, .period = FK_LANES,
            .plane_stride = FK_LANES, .row_stride = shape.channels, .rows = shape.batch,
            .elements = shape.batch * shape.channels, .is_vector = 1};
    }
    return (struct fk_view){
        .planes = shape.batch * blocks, .groups = blocks, .channels = shape.channels, .period = shape.block,
        .plane_stride = plane, .row_stride = FK_LANES, .rows = plane / FK_LANES,
        .tail_lanes = plane % FK_LANES, .elements = shape.batch * blocks * plane};
}

void fk_spread(const struct fk_view *view, const double *per_channel, float *table) {
    for (int64_t group = 0; group < view->groups; ++group) {
        for (int64_t lane = 0; lane < FK_LANES; ++lane) {
            const int64_t channel = fk_channel(view, group, lane);
            table[group * FK_LANES + lane] = channel < 0 ? 0 : (float)per_channel[channel];
        }
    }
}

FK_CLONES void fk_sum_planes(
    const struct fk_view *view, int kinds, const double *planes, double *sums
) {
    const int64_t width = kinds * FK_LANES;
    double *lanes = fk_scratch(width * sizeof(double));
    memset(sums, 0, kinds * view->channels * sizeof(double));
    for (int64_t group = 0; group < view->groups; ++group) {
        memset(lanes, 0, width * sizeof(double));
        for (int64_t plane = group; plane < view->planes; plane += view->groups)
            for (int64_t index = 0; index < width; ++index) lanes[index] += planes[plane * width + index];
        for (int64_t index = 0; index < width; ++index) {
            const int64_t channel = fk_channel(view, group, index % FK_LANES);
            if (channel >= 0) sums[index / FK_LANES * view->channels + channel] += lanes[index];
        }
    }
    free(lanes);
}
