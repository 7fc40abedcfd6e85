#include <math.h>
#include <stdlib.h>

#include "Planes.h"

/// Rows that are summed in single precision before they join the double sums.
#define CHUNK 256
/// Squares whose sum is below this may have underflowed: they are taken again in double precision.
#define TINY 1e-28

/// Count, mean and sum of squared deviations of every lane.
struct moments {
    double count[FK_LANES];
    double mean[FK_LANES];
    double deviation[FK_LANES];
};

/// Chan's formula: the moments of two sets of numbers together.
FK_INLINE void merge(struct moments *into, const struct moments *from) {
    for (int lane = 0; lane < FK_LANES; ++lane) {
        const double count = into->count[lane] + from->count[lane];
        const double weight = from->count[lane] / (count > 0 ? count : 1);
        const double step = from->mean[lane] - into->mean[lane];
        into->deviation[lane] += from->deviation[lane] + step * step * into->count[lane] * weight;
        into->mean[lane] += step * weight;
        into->count[lane] = count;
    }
}

/// The first `lanes` lanes of some rows, in double precision: for partial rows and extreme numbers.
static void exact_moments(
    const float *x, int64_t rows, int64_t stride, int64_t lanes, struct moments *result
) {
    *result = (struct moments){0};
    for (int64_t lane = 0; lane < lanes; ++lane) {
        double mean = 0, deviation = 0;
        for (int64_t row = 0; row < rows; ++row) mean += x[row * stride + lane];
        mean /= (double)rows;
        for (int64_t row = 0; row < rows; ++row) {
            const double step = x[row * stride + lane] - mean;
            deviation += step * step;
        }
        result->count[lane] = (double)rows;
        result->mean[lane] = mean;
        result->deviation[lane] = deviation;
    }
}

/// Two passes over rows that stay in the first-level cache: sums, then deviations from a rounded mean, whose
/// own sum corrects for the rounding.
FK_INLINE void chunk_moments(const float *x, int64_t rows, int64_t stride, struct moments *result) {
    fk_lanes sum[4] = {0}, first[4] = {0}, second[4] = {0};
    int64_t row = 0;
    for (; row + 4 <= rows; row += 4)
        for (int k = 0; k < 4; ++k) sum[k] += FK_LOAD(x + (row + k) * stride);
    for (; row < rows; ++row) sum[0] += FK_LOAD(x + row * stride);
    const fk_lanes mean = ((sum[0] + sum[1]) + (sum[2] + sum[3])) * (1 / (float)rows);
    for (row = 0; row + 4 <= rows; row += 4) {
        for (int k = 0; k < 4; ++k) {
            const fk_lanes step = FK_LOAD(x + (row + k) * stride) - mean;
            first[k] += step;
            second[k] += step * step;
        }
    }
    for (; row < rows; ++row) {
        const fk_lanes step = FK_LOAD(x + row * stride) - mean;
        first[0] += step;
        second[0] += step * step;
    }
    const fk_lanes steps = (first[0] + first[1]) + (first[2] + first[3]);
    const fk_lanes squares = (second[0] + second[1]) + (second[2] + second[3]);
    int out_of_range = 0;
    for (int lane = 0; lane < FK_LANES; ++lane) {
        const double residue = (double)steps[lane] / (double)rows;
        result->count[lane] = (double)rows;
        result->mean[lane] = (double)mean[lane] + residue;
        result->deviation[lane] = (double)squares[lane] - residue * (double)steps[lane];
        out_of_range |= !(squares[lane] <= 3e38f) | (squares[lane] > 0 & squares[lane] < (float)TINY);
    }
    if (out_of_range) exact_moments(x, rows, stride, FK_LANES, result);
}

struct context {
    struct fk_view view;
    const float *x;
    struct moments *planes;
};

static FK_CLONES void plane_moments(const void *argument, int64_t begin, int64_t end) {
    const struct context *context = argument;
    const int64_t stride = context->view.row_stride;
    for (int64_t index = begin; index < end; ++index) {
        const struct fk_plane plane = fk_plane_at(&context->view, index);
        struct moments *result = context->planes + index, chunk;
        *result = (struct moments){0};
        for (int64_t row = 0; row < plane.rows; row += CHUNK) {
            const int64_t rows = plane.rows - row < CHUNK ? plane.rows - row : CHUNK;
            chunk_moments(context->x + plane.offset + row * stride, rows, stride, &chunk);
            merge(result, &chunk);
        }
        if (plane.partial_rows) {
            exact_moments(
                context->x + plane.partial_offset, plane.partial_rows, stride, plane.partial_lanes, &chunk);
            merge(result, &chunk);
        }
    }
}

/// Merges the planes of a group in order.
static FK_CLONES void group_moments(const struct context *context, int64_t group, struct moments *result) {
    *result = (struct moments){0};
    for (int64_t plane = group; plane < context->view.planes; plane += context->view.groups)
        merge(result, context->planes + plane);
}

/// Merges the lanes of a group that belong to one channel.
static void channel_moments(
    const struct moments *lanes, int64_t period, int64_t first, double *mean, double *variance
) {
    double count = 0, average = 0, deviation = 0;
    for (int64_t lane = first; lane < FK_LANES; lane += period) {
        if (lanes->count[lane] == 0) continue;
        const double total = count + lanes->count[lane];
        const double step = lanes->mean[lane] - average;
        deviation += lanes->deviation[lane] + step * step * count * (lanes->count[lane] / total);
        average += step * (lanes->count[lane] / total);
        count = total;
    }
    *mean = average;
    *variance = count > 0 && deviation < 0 ? 0 : deviation / (count > 0 ? count : 1);
}

void fk_channel_statistics(fk_shape shape, const float *x, double *mean, double *variance, int threads) {
    struct context context = {fk_view_of(shape), x, NULL};
    const struct fk_view *view = &context.view;
    context.planes = fk_scratch(view->planes * sizeof(struct moments));
    fk_split(plane_moments, &context, view->planes, view->elements, threads);
    for (int64_t group = 0; group < view->groups; ++group) {
        struct moments lanes;
        group_moments(&context, group, &lanes);
        for (int64_t first = 0; first < view->period; ++first) {
            const int64_t channel = fk_channel(view, group, first);
            if (channel < 0) break;
            channel_moments(&lanes, view->period, first, mean + channel, variance + channel);
        }
    }
    free(context.planes);
}
