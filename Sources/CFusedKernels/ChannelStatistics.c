#include <stdlib.h>

#include "Planes.h"

/// Rows that are summed in single precision before they join the double sums.
#define CHUNK 256
/// Squares whose sum is below this may have underflowed: they are taken again in double precision.
#define TINY 1e-28

/// Rows whose mean the deviations are first taken from. The deviations' own sum corrects for it; as these
/// rows are among those that are summed, the correction costs at most a factor CHUNK / PILOT of accuracy
/// whatever the numbers are.
#define PILOT 16

/// Mean and sum of squared deviations of every lane of some rows.
struct moments {
    double rows;
    fk_doubles mean;
    fk_doubles deviation;
};

/// Chan's formula: the moments of two sets of numbers together.
FK_INLINE void merge(struct moments *restrict into, const struct moments *restrict from) {
    if (from->rows == 0) return;
    const double rows = into->rows + from->rows, weight = from->rows / rows, cross = into->rows * weight;
    const fk_doubles step = from->mean - into->mean;
    into->deviation += from->deviation + step * step * cross;
    into->mean += step * weight;
    into->rows = rows;
}

/// The first `lanes` lanes of some rows, in double precision: for partial rows and extreme numbers.
static void exact_moments(
    const float *x, int64_t rows, int64_t stride, int64_t lanes, struct moments *result
) {
    *result = (struct moments){.rows = (double)rows};
    for (int64_t lane = 0; lane < lanes; ++lane) {
        double mean = 0, deviation = 0;
        for (int64_t row = 0; row < rows; ++row) mean += x[row * stride + lane];
        mean /= (double)rows;
        for (int64_t row = 0; row < rows; ++row) {
            const double step = x[row * stride + lane] - mean;
            deviation += step * step;
        }
        result->mean[lane] = mean;
        result->deviation[lane] = deviation;
    }
}

FK_INLINE void pilot_mean(const float *x, int64_t rows, int64_t stride, fk_lanes *mean) {
    const int64_t count = rows < PILOT ? rows : PILOT;
    fk_lanes sum = {0};
    for (int64_t row = 0; row < count; ++row) sum += FK_LOAD(x + row * stride);
    *mean = sum * (1 / (float)count);
}

/// The moments from the sums of deviations from the pilot and of their squares; 0 if single precision cannot
/// hold them.
FK_INLINE int moments_of_sums(
    const fk_lanes *pilot, const fk_lanes *first, const fk_lanes *second, int64_t rows,
    struct moments *restrict result
) {
    const fk_doubles sum = FK_DOUBLES(*first), step = sum * (1 / (double)rows);
    result->rows = (double)rows;
    result->mean = FK_DOUBLES(*pilot) + step;
    result->deviation = FK_DOUBLES(*second) - step * sum;
    // The first comparison is false for NaN too.
    const fk_lane_mask good = (*second <= 3e38f) & ((*second >= (float)TINY) | (*second == 0));
    int bad = 0;
    for (int lane = 0; lane < FK_LANES; ++lane) bad |= ~good[lane];
    return !bad;
}

/// Whether a lane whose squares add up to 0 deviates from its pilot all the same: they have underflowed then.
FK_INLINE int hides_deviation(
    const float *x, int64_t rows, int64_t stride, const fk_lanes *pilot, const fk_lanes *second
) {
    const fk_lane_mask still = *second == 0;
    int any = 0;
    for (int lane = 0; lane < FK_LANES; ++lane) any |= still[lane];
    if (!any) return 0;
    fk_lane_mask moved = {0};
    for (int64_t row = 0; row < rows; ++row) moved |= FK_LOAD(x + row * stride) != *pilot;
    moved &= still;
    any = 0;
    for (int lane = 0; lane < FK_LANES; ++lane) any |= moved[lane];
    return any;
}

/// One pass over rows whose beginning gives the pilot.
FK_INLINE void chunk_moments(const float *x, int64_t rows, int64_t stride, struct moments *result) {
    fk_lanes pilot;
    pilot_mean(x, rows, stride, &pilot);
    fk_lanes first[4] = {0}, second[4] = {0};
    int64_t row = 0;
    for (; row + 4 <= rows; row += 4) {
        for (int k = 0; k < 4; ++k) {
            const fk_lanes step = FK_LOAD(x + (row + k) * stride) - pilot;
            first[k] += step;
            second[k] += step * step;
        }
    }
    for (; row < rows; ++row) {
        const fk_lanes step = FK_LOAD(x + row * stride) - pilot;
        first[0] += step;
        second[0] += step * step;
    }
    const fk_lanes steps = (first[0] + first[1]) + (first[2] + first[3]);
    const fk_lanes squares = (second[0] + second[1]) + (second[2] + second[3]);
    if (!moments_of_sums(&pilot, &steps, &squares, rows, result)
        || hides_deviation(x, rows, stride, &pilot, &squares))
        exact_moments(x, rows, stride, FK_LANES, result);
}

struct context {
    struct fk_view view;
    const float *x;
    /// Of the full rows of every plane, then of the partial rows of every plane.
    struct moments *full;
    struct moments *partial;
};

static FK_CLONES void plane_moments(const void *argument, int64_t begin, int64_t end) {
    const struct context *context = argument;
    const int64_t stride = context->view.row_stride;
    for (int64_t index = begin; index < end; ++index) {
        const struct fk_plane plane = fk_plane_at(&context->view, index);
        struct moments *full = context->full + index;
        full->rows = 0;
        for (int64_t row = 0; row < plane.rows; row += CHUNK) {
            const int64_t rows = plane.rows - row < CHUNK ? plane.rows - row : CHUNK;
            struct moments later, *chunk = row == 0 ? full : &later;
            chunk_moments(context->x + plane.offset + row * stride, rows, stride, chunk);
            if (row > 0) merge(full, chunk);
        }
        exact_moments(
            context->x + plane.partial_offset, plane.partial_rows, stride, plane.partial_lanes,
            context->partial + index);
    }
}

/// Merges the planes of a group in order.
static FK_CLONES void group_moments(
    const struct fk_view *view, const struct moments *planes, int64_t group, struct moments *result
) {
    *result = (struct moments){0};
    for (int64_t plane = group; plane < view->planes; plane += view->groups) merge(result, planes + plane);
}

/// Adds the lanes below `lanes` that belong to one channel to its moments.
static void merge_lanes(
    const struct moments *from, int64_t period, int64_t first, int64_t lanes, double channel[3]
) {
    for (int64_t lane = first; lane < lanes; lane += period) {
        if (from->rows == 0) continue;
        const double rows = channel[0] + from->rows, weight = from->rows / rows;
        const double step = from->mean[lane] - channel[1];
        channel[2] += from->deviation[lane] + step * step * channel[0] * weight;
        channel[1] += step * weight;
        channel[0] = rows;
    }
}

/// The moments of all planes, merged channel by channel.
static void merge_planes(
    const struct fk_view *view, const struct moments *planes, double *mean, double *variance
) {
    for (int64_t group = 0; group < view->groups; ++group) {
        struct moments full, partial;
        group_moments(view, planes, group, &full);
        group_moments(view, planes + view->planes, group, &partial);
        const int64_t partial_lanes = fk_plane_at(view, group).partial_lanes;
        for (int64_t first = 0; first < view->period; ++first) {
            const int64_t index = fk_channel(view, group, first);
            if (index < 0) break;
            double channel[3] = {0};
            merge_lanes(&full, view->period, first, FK_LANES, channel);
            merge_lanes(&partial, view->period, first, partial_lanes, channel);
            mean[index] = channel[1];
            // NaN fails the comparison and stays.
            variance[index] = channel[2] < 0 ? 0 : channel[2] / channel[0];
        }
    }
}

void fk_channel_statistics(fk_shape shape, const float *x, double *mean, double *variance, int threads) {
    struct context context = {.view = fk_view_of(shape), .x = x};
    const struct fk_view *view = &context.view;
    context.full = fk_scratch(2 * view->planes * sizeof(struct moments));
    context.partial = context.full + view->planes;
    fk_split(plane_moments, &context, view->planes, view->elements, threads);
    merge_planes(view, context.full, mean, variance);
    free(context.full);
}

int64_t fk_moments_bytes(fk_shape shape) {
    return 2 * fk_view_of(shape).planes * (int64_t)sizeof(struct moments);
}

void fk_moments_of_piece(
    fk_shape whole, int64_t first_sample, int64_t samples, const float *piece, void *moments
) {
    const struct fk_view view = fk_view_of(whole);
    whole.batch = samples;
    struct context context = {.view = fk_view_of(whole), .x = piece};
    context.full = (struct moments *)moments + first_sample * view.groups;
    context.partial = context.full + view.planes;
    plane_moments(&context, 0, context.view.planes);
}

void fk_statistics_of_moments(fk_shape whole, const void *moments, double *mean, double *variance) {
    const struct fk_view view = fk_view_of(whole);
    merge_planes(&view, moments, mean, variance);
}
