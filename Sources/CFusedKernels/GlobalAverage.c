#include "CFusedKernels.h"
#include "Lanes.h"

struct context {
    fk_shape shape;
    int64_t blocks;
    const float *source;
    float *result;
};

/// Pixels that are summed in single precision before they join the double sums.
#define CHUNK 256

/// One number a channel in (N, C) order ↔ the planes of a map.
FK_INLINE int64_t first_channel(const struct context *context, int64_t plane, int64_t *valid) {
    const int64_t start = plane % context->blocks * context->shape.block;
    const int64_t left = context->shape.channels - start;
    *valid = left < context->shape.block ? left : context->shape.block;
    return plane / context->blocks * context->shape.channels + start;
}

static FK_CLONES void average_planes(const void *argument, int64_t begin, int64_t end) {
    const struct context *context = argument;
    const int64_t block = context->shape.block, area = context->shape.area;
    for (int64_t plane = begin; plane < end; ++plane) {
        const float *x = context->source + plane * area * block;
        double sums[FK_LANES] = {0};
        for (int64_t first = 0; first < area; first += CHUNK) {
            const int64_t last = first + CHUNK < area ? first + CHUNK : area;
            float lanes[FK_LANES] = {0};
            for (int64_t pixel = first; pixel < last; ++pixel)
                for (int64_t lane = 0; lane < block; ++lane) lanes[lane] += x[pixel * block + lane];
            for (int64_t lane = 0; lane < block; ++lane) sums[lane] += lanes[lane];
        }
        int64_t valid;
        float *y = context->result + first_channel(context, plane, &valid);
        for (int64_t lane = 0; lane < valid; ++lane) y[lane] = (float)(sums[lane] / (double)area);
    }
}

static FK_CLONES void spread_planes(const void *argument, int64_t begin, int64_t end) {
    const struct context *context = argument;
    const int64_t block = context->shape.block, area = context->shape.area;
    for (int64_t plane = begin; plane < end; ++plane) {
        int64_t valid;
        const float *cotangent = context->source + first_channel(context, plane, &valid);
        float lanes[FK_LANES] = {0};
        for (int64_t lane = 0; lane < valid; ++lane) lanes[lane] = cotangent[lane] / (float)area;
        float *x = context->result + plane * area * block;
        for (int64_t pixel = 0; pixel < area; ++pixel)
            memcpy(x + pixel * block, lanes, block * sizeof(float));
    }
}

static void run(fk_body body, fk_shape shape, const float *source, float *result, int threads) {
    const int64_t blocks = (shape.channels + shape.block - 1) / shape.block;
    const struct context context = {shape, blocks, source, result};
    const int64_t planes = shape.batch * blocks;
    fk_split(body, &context, planes, planes * shape.area * shape.block, threads);
}

void fk_global_average(fk_shape shape, const float *x, float *y, int threads) {
    run(average_planes, shape, x, y, threads);
}

void fk_global_average_pullback(fk_shape shape, const float *cotangent, float *result, int threads) {
    run(spread_planes, shape, cotangent, result, threads);
}
