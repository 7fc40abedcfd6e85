#include "CFusedKernels.h"
#include "Lanes.h"

struct subsampling {
    fk_shape coarse;
    fk_shape fine;
    int64_t coarse_width;
    int64_t fine_width;
    int64_t stride;
    const float *source;
    float *result;
};

FK_INLINE int64_t blocks_of(const fk_shape *shape) {
    return (shape->channels + shape->block - 1) / shape->block;
}

static void subsample(const void *argument, int64_t begin, int64_t end) {
    const struct subsampling *map = argument;
    const int64_t block = map->coarse.block, blocks = blocks_of(&map->coarse);
    const int64_t fine_blocks = blocks_of(&map->fine);
    const size_t pixel_bytes = block * sizeof(float);
    for (int64_t plane = begin; plane < end; ++plane) {
        float *y = map->result + plane * map->coarse.area * block;
        if (plane % blocks >= fine_blocks) {
            memset(y, 0, map->coarse.area * pixel_bytes);
            continue;
        }
        const int64_t source = plane / blocks * fine_blocks + plane % blocks;
        const float *x = map->source + source * map->fine.area * block;
        for (int64_t pixel = 0; pixel < map->coarse.area; ++pixel) {
            const int64_t h = pixel / map->coarse_width, w = pixel % map->coarse_width;
            memcpy(y + pixel * block, x + (h * map->fine_width + w) * map->stride * block, pixel_bytes);
        }
    }
}

static void subsample_pullback(const void *argument, int64_t begin, int64_t end) {
    const struct subsampling *map = argument;
    const int64_t block = map->fine.block, blocks = blocks_of(&map->fine);
    const int64_t coarse_blocks = blocks_of(&map->coarse);
    for (int64_t plane = begin; plane < end; ++plane) {
        float *x = map->result + plane * map->fine.area * block;
        memset(x, 0, map->fine.area * block * sizeof(float));
        // Channels of the cotangent that this side does not have end in nothing.
        const int64_t left = map->fine.channels - plane % blocks * block;
        const size_t valid_bytes = (left < block ? left : block) * sizeof(float);
        const int64_t source = plane / blocks * coarse_blocks + plane % blocks;
        const float *y = map->source + source * map->coarse.area * block;
        for (int64_t pixel = 0; pixel < map->coarse.area; ++pixel) {
            const int64_t h = pixel / map->coarse_width, w = pixel % map->coarse_width;
            memcpy(x + (h * map->fine_width + w) * map->stride * block, y + pixel * block, valid_bytes);
        }
    }
}

void fk_subsample(
    fk_shape input, int64_t input_width, const float *x, int64_t stride, fk_shape output,
    int64_t output_width, float *y, int threads
) {
    const struct subsampling map = {output, input, output_width, input_width, stride, x, y};
    const int64_t planes = output.batch * blocks_of(&output);
    fk_split(subsample, &map, planes, planes * output.area * output.block, threads);
}

void fk_subsample_pullback(
    fk_shape output, int64_t output_width, const float *cotangent, int64_t stride, fk_shape input,
    int64_t input_width, float *result, int threads
) {
    const struct subsampling map = {output, input, output_width, input_width, stride, cotangent, result};
    const int64_t planes = input.batch * blocks_of(&input);
    fk_split(subsample_pullback, &map, planes, planes * input.area * input.block, threads);
}
