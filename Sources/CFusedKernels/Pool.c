#include "CFusedKernels.h"
#include "Lanes.h"

struct pooling {
    fk_pooling shape;
    const float *source;
    float *result;
    const uint16_t *places;
    /// Where places are written.
    uint16_t *chosen;
    const float *divisors;
};

/// Taps of a window, from the first within the map to the one behind the last.
struct taps {
    int64_t first, end;
    /// Where tap 0 stands, perhaps outside.
    int64_t start;
};

FK_INLINE struct taps taps_of(const fk_pooling_axis *axis, int64_t output) {
    const int64_t start = output * axis->stride - axis->before, step = axis->dilation;
    const int64_t first = start < 0 ? (step - 1 - start) / step : 0;
    const int64_t left = axis->input - start;
    const int64_t end = left <= 0 ? 0 : (left + step - 1) / step;
    return (struct taps){first, end < axis->kernel ? end : axis->kernel, start};
}

FK_INLINE int64_t area(const fk_pooling *shape, int of_output) {
    return of_output ? shape->depth.output * shape->height.output * shape->width.output
                     : shape->depth.input * shape->height.input * shape->width.input;
}

/// Every window of a plane, with its taps along the three axes and its number.
#define FK_EACH_WINDOW(shape)                                                                    \
    for (int64_t depth = 0, window = 0; depth < (shape)->depth.output; ++depth)                  \
        for (int64_t height = 0; height < (shape)->height.output; ++height)                      \
            for (int64_t width = 0; width < (shape)->width.output; ++width, ++window)
/// Every tap of a window that lies in the map, with its number and where the element stands in the plane.
#define FK_EACH_TAP(shape)                                                                       \
    const struct taps planes = taps_of(&(shape)->depth, depth), rows = taps_of(&(shape)->height, height), \
                      columns = taps_of(&(shape)->width, width);                                 \
    for (int64_t i = planes.first; i < planes.end; ++i)                                          \
        for (int64_t j = rows.first; j < rows.end; ++j)                                          \
            for (int64_t k = columns.first,                                                      \
                         tap = (i * (shape)->height.kernel + j) * (shape)->width.kernel + k,     \
                         at = ((planes.start + i * (shape)->depth.dilation) * (shape)->height.input + rows.start \
                               + j * (shape)->height.dilation) * (shape)->width.input + columns.start \
                             + k * (shape)->width.dilation;                                      \
                 k < columns.end; ++k, ++tap, at += (shape)->width.dilation)

#define FK_EACH_PLANE                                                                            \
    const struct pooling *map = argument;                                                        \
    const fk_pooling *shape = &map->shape;                                                       \
    const int64_t block = shape->block;                                                          \
    const int64_t input_size = area(shape, 0) * block, output_size = area(shape, 1) * block;     \
    for (int64_t plane = begin; plane < end; ++plane)

static FK_CLONES void largest_planes(const void *argument, int64_t begin, int64_t end) {
    FK_EACH_PLANE {
        const float *x = map->source + plane * input_size;
        float *y = map->result + plane * output_size;
        uint16_t *chosen = map->chosen + plane * output_size;
        FK_EACH_WINDOW(shape) {
            float best[FK_LANES];
            int32_t place[FK_LANES];
            int is_first = 1;
            FK_EACH_TAP(shape) {
                const float *here = x + at * block;
                if (is_first) {
                    for (int64_t lane = 0; lane < block; ++lane) {
                        best[lane] = here[lane];
                        place[lane] = (int32_t)tap;
                    }
                    is_first = 0;
                    continue;
                }
                for (int64_t lane = 0; lane < block; ++lane) {
                    const int better = (here[lane] > best[lane]) | (here[lane] != here[lane]);
                    best[lane] = better ? here[lane] : best[lane];
                    place[lane] = better ? (int32_t)tap : place[lane];
                }
            }
            for (int64_t lane = 0; lane < block; ++lane) {
                y[window * block + lane] = best[lane];
                chosen[window * block + lane] = (uint16_t)place[lane];
            }
        }
    }
}

/// Where, in a plane of the input, the element stands that was taken from tap `place` of a window.
FK_INLINE int64_t origin(const fk_pooling *shape, const int64_t *starts, int64_t place) {
    const int64_t column = place % shape->width.kernel, line = place / shape->width.kernel;
    const int64_t row = line % shape->height.kernel, depth = line / shape->height.kernel;
    return ((starts[0] + depth * shape->depth.dilation) * shape->height.input + starts[1]
            + row * shape->height.dilation) * shape->width.input
        + starts[2] + column * shape->width.dilation;
}

#define FK_STARTS(shape)                                                                         \
    const int64_t starts[3] = {                                                                  \
        depth * (shape)->depth.stride - (shape)->depth.before,                                   \
        height * (shape)->height.stride - (shape)->height.before,                                \
        width * (shape)->width.stride - (shape)->width.before}

static void pull_planes(const void *argument, int64_t begin, int64_t end) {
    FK_EACH_PLANE {
        const float *cotangent = map->source + plane * output_size;
        const uint16_t *places = map->places + plane * output_size;
        float *result = map->result + plane * input_size;
        memset(result, 0, input_size * sizeof(float));
        FK_EACH_WINDOW(shape) {
            FK_STARTS(shape);
            for (int64_t lane = 0; lane < block; ++lane) {
                const int64_t index = window * block + lane;
                result[origin(shape, starts, places[index]) * block + lane] += cotangent[index];
            }
        }
    }
}

static void push_planes(const void *argument, int64_t begin, int64_t end) {
    FK_EACH_PLANE {
        const float *tangent = map->source + plane * input_size;
        const uint16_t *places = map->places + plane * output_size;
        float *result = map->result + plane * output_size;
        FK_EACH_WINDOW(shape) {
            FK_STARTS(shape);
            for (int64_t lane = 0; lane < block; ++lane) {
                const int64_t index = window * block + lane;
                result[index] = tangent[origin(shape, starts, places[index]) * block + lane];
            }
        }
    }
}

static FK_CLONES void average_planes(const void *argument, int64_t begin, int64_t end) {
    FK_EACH_PLANE {
        const float *x = map->source + plane * input_size;
        float *y = map->result + plane * output_size;
        FK_EACH_WINDOW(shape) {
            float sums[FK_LANES] = {0};
            FK_EACH_TAP(shape) {
                for (int64_t lane = 0; lane < block; ++lane) sums[lane] += x[at * block + lane];
            }
            const float divisor = map->divisors[window];
            for (int64_t lane = 0; lane < block; ++lane) y[window * block + lane] = sums[lane] / divisor;
        }
    }
}

static FK_CLONES void spread_planes(const void *argument, int64_t begin, int64_t end) {
    FK_EACH_PLANE {
        const float *cotangent = map->source + plane * output_size;
        float *result = map->result + plane * input_size;
        memset(result, 0, input_size * sizeof(float));
        FK_EACH_WINDOW(shape) {
            float part[FK_LANES] = {0};
            const float divisor = map->divisors[window];
            for (int64_t lane = 0; lane < block; ++lane) part[lane] = cotangent[window * block + lane] / divisor;
            FK_EACH_TAP(shape) {
                for (int64_t lane = 0; lane < block; ++lane) result[at * block + lane] += part[lane];
            }
        }
    }
}

static void run(fk_body body, const struct pooling *map, int threads) {
    const fk_pooling *shape = &map->shape;
    fk_split(body, map, shape->planes, shape->planes * area(shape, 0) * shape->block, threads);
}

void fk_max_pool(fk_pooling pooling, const float *x, float *y, uint16_t *places, int threads) {
    const struct pooling map = {.shape = pooling, .source = x, .result = y, .chosen = places};
    run(largest_planes, &map, threads);
}

void fk_max_pool_pullback(
    fk_pooling pooling, const float *cotangent, const uint16_t *places, float *result, int threads
) {
    const struct pooling map = {.shape = pooling, .source = cotangent, .result = result, .places = places};
    run(pull_planes, &map, threads);
}

void fk_max_pool_pushforward(
    fk_pooling pooling, const float *tangent, const uint16_t *places, float *result, int threads
) {
    const struct pooling map = {.shape = pooling, .source = tangent, .result = result, .places = places};
    run(push_planes, &map, threads);
}

void fk_average_pool(fk_pooling pooling, const float *x, const float *divisors, float *y, int threads) {
    const struct pooling map = {.shape = pooling, .source = x, .result = y, .divisors = divisors};
    run(average_planes, &map, threads);
}

void fk_average_pool_pullback(
    fk_pooling pooling, const float *cotangent, const float *divisors, float *result, int threads
) {
    const struct pooling map = {.shape = pooling, .source = cotangent, .result = result, .divisors = divisors};
    run(spread_planes, &map, threads);
}
