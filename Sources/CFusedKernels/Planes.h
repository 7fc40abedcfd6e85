#ifndef FK_PLANES_H
#define FK_PLANES_H

#include "CFusedKernels.h"
#include "Lanes.h"

/// How the planes of a tensor are cut into rows of 16 lanes, each lane belonging to one channel.
///
/// A map's plane (one sample, one block of channels) is contiguous. With a block of 8 or less, a row holds
/// several pixels and the last row may be partial. A batch of vectors with block 1 is cut the other way: its
/// planes are 16 neighbouring channels of all samples, a row is one sample.
struct fk_view {
    int64_t planes;
    /// Sets of channels that share a table of 16 numbers; plane p has group p mod groups.
    int64_t groups;
    int64_t channels;
    /// Channels of a group, a power of two; lane j holds the group's channel j mod period.
    int64_t period;
    /// Distance between the starts of planes, and of the rows of a plane.
    int64_t plane_stride;
    int64_t row_stride;
    /// Rows of a plane that are full, and the partial row at the end (0 lanes: there is none).
    int64_t rows;
    int64_t tail_lanes;
    /// All elements, padding included.
    int64_t elements;
    int is_vector;
};

struct fk_plane {
    int64_t offset;
    int64_t group;
    /// Full rows.
    int64_t rows;
    /// Rows of fewer than 16 lanes, after the full ones.
    int64_t partial_rows;
    int64_t partial_offset;
    int64_t partial_lanes;
};

struct fk_view fk_view_of(fk_shape shape);

FK_INLINE struct fk_plane fk_plane_at(const struct fk_view *view, int64_t plane) {
    struct fk_plane result = {
        .offset = plane * view->plane_stride, .group = plane % view->groups, .rows = view->rows};
    if (view->is_vector) {
        const int64_t lanes = view->channels - plane * FK_LANES;
        result.partial_lanes = lanes < FK_LANES ? lanes : 0;
        result.partial_rows = lanes < FK_LANES ? view->rows : 0;
        result.partial_offset = result.offset;
        result.rows -= result.partial_rows;
    } else {
        result.partial_lanes = view->tail_lanes;
        result.partial_rows = view->tail_lanes > 0;
        result.partial_offset = result.offset + view->rows * FK_LANES;
    }
    return result;
}

/// The channel of a lane; −1 for padding.
FK_INLINE int64_t fk_channel(const struct fk_view *view, int64_t group, int64_t lane) {
    const int64_t channel = group * view->period + (lane & (view->period - 1));
    return channel < view->channels ? channel : -1;
}

/// Numbers per channel spread over the lanes of every group, 0 in padding: `table[group·16 + lane]`.
void fk_spread(const struct fk_view *view, const double *per_channel, float *table);

/// Sums over planes and lanes: `planes` holds `kinds` × 16 numbers a plane; `sums` gets `kinds` arrays of one
/// number a channel.
void fk_sum_planes(const struct fk_view *view, int kinds, const double *planes, double *sums);

#endif
