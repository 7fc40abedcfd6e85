#include "CFusedKernels.h"
#include "Lanes.h"

struct pooling {
    fk_window window;
    int64_t block;
    int64_t input_height, input_width;
    int64_t output_height, output_width;
    const float *source;
    float *result;
    const uint8_t *places;
    /// Where places are written; NULL where they are read.
    uint8_t *chosen;
};

FK_INLINE int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
FK_INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

static FK_CLONES void pool_planes(const void *argument, int64_t begin, int64_t end) {
    const struct pooling *map = argument;
    const int64_t block = map->block, kernel = map->window.kernel;
    const int64_t input_area = map->input_height * map->input_width;
    const int64_t output_area = map->output_height * map->output_width;
    for (int64_t plane = begin; plane < end; ++plane) {
        const float *x = map->source + plane * input_area * block;
        float *y = map->result + plane * output_area * block;
        uint8_t *chosen = map->chosen + plane * output_area * block;
        for (int64_t pixel = 0; pixel < output_area; ++pixel) {
            const int64_t top = pixel / map->output_width * map->window.stride - map->window.padding;
            const int64_t left = pixel % map->output_width * map->window.stride - map->window.padding;
            const int64_t first_row = larger(0, -top), first_column = larger(0, -left);
            const int64_t rows = smaller(kernel, map->input_height - top);
            const int64_t columns = smaller(kernel, map->input_width - left);
            float best[FK_LANES];
            int32_t place[FK_LANES];
            const float *start = x + ((top + first_row) * map->input_width + left + first_column) * block;
            for (int64_t lane = 0; lane < block; ++lane) {
                best[lane] = start[lane];
                place[lane] = (int32_t)(first_row * kernel + first_column);
            }
            for (int64_t row = first_row; row < rows; ++row) {
                for (int64_t column = first_column; column < columns; ++column) {
                    const float *here = x + ((top + row) * map->input_width + left + column) * block;
                    const int32_t tap = (int32_t)(row * kernel + column);
                    for (int64_t lane = 0; lane < block; ++lane) {
                        const int better = (here[lane] > best[lane]) | (here[lane] != here[lane]);
                        best[lane] = better ? here[lane] : best[lane];
                        place[lane] = better ? tap : place[lane];
                    }
                }
            }
            for (int64_t lane = 0; lane < block; ++lane) {
                y[pixel * block + lane] = best[lane];
                chosen[pixel * block + lane] = (uint8_t)place[lane];
            }
        }
    }
}

/// The offset, within a plane of the input, of the element that a pooled one was taken from.
FK_INLINE int64_t origin(const struct pooling *map, int64_t pixel, int64_t lane, int64_t place) {
    const int64_t row = pixel / map->output_width * map->window.stride - map->window.padding
        + place / map->window.kernel;
    const int64_t column = pixel % map->output_width * map->window.stride - map->window.padding
        + place % map->window.kernel;
    return (row * map->input_width + column) * map->block + lane;
}

static void pull_planes(const void *argument, int64_t begin, int64_t end) {
    const struct pooling *map = argument;
    const int64_t block = map->block;
    const int64_t input_size = map->input_height * map->input_width * block;
    const int64_t output_area = map->output_height * map->output_width;
    for (int64_t plane = begin; plane < end; ++plane) {
        const float *cotangent = map->source + plane * output_area * block;
        const uint8_t *places = map->places + plane * output_area * block;
        float *result = map->result + plane * input_size;
        memset(result, 0, input_size * sizeof(float));
        for (int64_t pixel = 0; pixel < output_area; ++pixel) {
            for (int64_t lane = 0; lane < block; ++lane) {
                const int64_t index = pixel * block + lane;
                result[origin(map, pixel, lane, places[index])] += cotangent[index];
            }
        }
    }
}

static void push_planes(const void *argument, int64_t begin, int64_t end) {
    const struct pooling *map = argument;
    const int64_t block = map->block;
    const int64_t input_size = map->input_height * map->input_width * block;
    const int64_t output_area = map->output_height * map->output_width;
    for (int64_t plane = begin; plane < end; ++plane) {
        const float *tangent = map->source + plane * input_size;
        const uint8_t *places = map->places + plane * output_area * block;
        float *result = map->result + plane * output_area * block;
        for (int64_t pixel = 0; pixel < output_area; ++pixel) {
            for (int64_t lane = 0; lane < block; ++lane) {
                const int64_t index = pixel * block + lane;
                result[index] = tangent[origin(map, pixel, lane, places[index])];
            }
        }
    }
}

static void run(fk_body body, const struct pooling *map, fk_shape input, int threads) {
    const int64_t planes = input.batch * ((input.channels + input.block - 1) / input.block);
    fk_split(body, map, planes, planes * input.area * input.block, threads);
}

static struct pooling between(
    fk_shape input, int64_t input_width, fk_window window, fk_shape output, int64_t output_width
) {
    return (struct pooling){
        .window = window, .block = input.block, .input_height = input.area / input_width,
        .input_width = input_width, .output_height = output.area / output_width,
        .output_width = output_width};
}

void fk_max_pool(
    fk_shape input, int64_t input_width, const float *x, fk_window window, fk_shape output,
    int64_t output_width, float *y, uint8_t *places, int threads
) {
    struct pooling map = between(input, input_width, window, output, output_width);
    map.source = x;
    map.result = y;
    map.chosen = places;
    run(pool_planes, &map, input, threads);
}

void fk_max_pool_pullback(
    fk_shape output, int64_t output_width, const float *cotangent, const uint8_t *places, fk_window window,
    fk_shape input, int64_t input_width, float *result, int threads
) {
    struct pooling map = between(input, input_width, window, output, output_width);
    map.source = cotangent;
    map.result = result;
    map.places = places;
    run(pull_planes, &map, input, threads);
}

void fk_max_pool_pushforward(
    fk_shape input, int64_t input_width, const float *tangent, const uint8_t *places, fk_window window,
    fk_shape output, int64_t output_width, float *result, int threads
) {
    struct pooling map = between(input, input_width, window, output, output_width);
    map.source = tangent;
    map.result = result;
    map.places = places;
    run(push_planes, &map, input, threads);
}
