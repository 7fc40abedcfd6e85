#include <stdlib.h>

#include "CFusedKernels.h"
#include "Lanes.h"

/// Elements that are summed in single precision before they join the double sums: 64 a lane and accumulator.
#define CHUNK 4096
/// A sum of products of less than this may have lost some to underflow.
#define TINY 1e-28

struct context {
    int64_t count;
    const float *x;
    const float *y;
    float *result;
    float a;
    float b;
    double *sums;
};

/// In double precision no product of two floats overflows or underflows.
FK_INLINE double exact_dot(const float *x, const float *y, int64_t count) {
    fk_doubles lanes = {0};
    int64_t i = 0;
    for (; i + FK_LANES <= count; i += FK_LANES)
        lanes += FK_DOUBLES(FK_LOAD(x + i)) * FK_DOUBLES(FK_LOAD(y + i));
    double sum = fk_fold_doubles(&lanes);
    for (; i < count; ++i) sum += (double)x[i] * (double)y[i];
    return sum;
}

/// The comparisons are false for NaN too.
FK_INLINE int in_range(double sum) {
    const double magnitude = sum < 0 ? -sum : sum;
    return magnitude >= TINY && magnitude <= 1e38;
}

FK_INLINE double chunk_dot(const float *x, const float *y, int64_t count) {
    fk_lanes sums[4] = {0};
    int64_t i = 0;
    for (; i + 4 * FK_LANES <= count; i += 4 * FK_LANES)
        for (int k = 0; k < 4; ++k) sums[k] += FK_LOAD(x + i + k * FK_LANES) * FK_LOAD(y + i + k * FK_LANES);
    for (; i + FK_LANES <= count; i += FK_LANES) sums[0] += FK_LOAD(x + i) * FK_LOAD(y + i);
    const fk_lanes all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    const double sum = fk_fold(&all);
    if (!in_range(sum)) return exact_dot(x, y, count);
    return sum + exact_dot(x + i, y + i, count - i);
}

#define FOR_CHUNKS                                                            \
    const struct context *context = argument;                                 \
    for (int64_t chunk = begin; chunk < end; ++chunk) {                       \
        const int64_t at = chunk * CHUNK;                                     \
        const int64_t left = context->count - at;                             \
        const int64_t count = left < CHUNK ? left : CHUNK;                    \
        const float *x = context->x + at;

static FK_CLONES void dot_chunks(const void *argument, int64_t begin, int64_t end) {
    FOR_CHUNKS
        context->sums[chunk] = chunk_dot(x, context->y + at, count);
    }
}

static FK_CLONES void negative_chunks(const void *argument, int64_t begin, int64_t end) {
    FOR_CHUNKS
        int32_t negative = 0;
        for (int64_t i = 0; i < count; ++i) negative += x[i] < 0;
        context->sums[chunk] = negative;
    }
}

/// a·x + b·y with the sum of its squares, in one pass.
FK_INLINE double combine_both(
    const float *x, float a, const float *y, float b, int64_t count, float *result
) {
    fk_lanes sums[2] = {0};
    int64_t i = 0;
    for (; i + 2 * FK_LANES <= count; i += 2 * FK_LANES) {
        for (int k = 0; k < 2; ++k) {
            const int64_t at = i + k * FK_LANES;
            const fk_lanes value = a * FK_LOAD(x + at) + b * FK_LOAD(y + at);
            FK_STORE(result + at, value);
            sums[k] += value * value;
        }
    }
    const int64_t whole = i;
    for (; i < count; ++i) result[i] = a * x[i] + b * y[i];
    const fk_lanes all = sums[0] + sums[1];
    const double sum = fk_fold(&all);
    if (!in_range(sum)) return exact_dot(result, result, count);
    return sum + exact_dot(result + whole, result + whole, count - whole);
}

/// One coefficient is 0, and its tensor stays unread.
FK_INLINE double combine_one(const float *x, float a, int64_t count, float *result) {
    _Pragma("clang loop vectorize(assume_safety)")
    for (int64_t i = 0; i < count; ++i) result[i] = a * x[i];
    return chunk_dot(result, result, count);
}

static FK_CLONES void combine_chunks(const void *argument, int64_t begin, int64_t end) {
    FOR_CHUNKS
        const float *y = context->y + at;
        float *result = context->result + at;
        const float a = context->a, b = context->b;
        double *sum = context->sums + chunk;
        if (a != 0 && b != 0) {
            *sum = combine_both(x, a, y, b, count, result);
        } else if (a != 0 || b != 0) {
            *sum = combine_one(a != 0 ? x : y, a != 0 ? a : b, count, result);
        } else {
            memset(result, 0, count * sizeof(float));
            *sum = 0;
        }
    }
}

/// Runs over all chunks and adds up their sums in order.
static double total(fk_body body, struct context context, int threads) {
    const int64_t chunks = (context.count + CHUNK - 1) / CHUNK;
    double few[64];
    context.sums = chunks <= 64 ? few : fk_scratch(chunks * sizeof(double));
    fk_split(body, &context, chunks, context.count, threads);
    double sum = 0;
    for (int64_t chunk = 0; chunk < chunks; ++chunk) sum += context.sums[chunk];
    if (context.sums != few) free(context.sums);
    return sum;
}

double fk_sum_of_squares(int64_t count, const float *x, int threads) { return fk_dot(count, x, x, threads); }

double fk_dot(int64_t count, const float *x, const float *y, int threads) {
    return total(dot_chunks, (struct context){.count = count, .x = x, .y = y}, threads);
}

int64_t fk_negative_count(int64_t count, const float *x, int threads) {
    return (int64_t)total(negative_chunks, (struct context){.count = count, .x = x}, threads);
}

double fk_combine_measured(
    int64_t count, const float *x, float a, const float *y, float b, float *result, int threads
) {
    const struct context context = {.count = count, .x = x, .y = y, .result = result, .a = a, .b = b};
    return total(combine_chunks, context, threads);
}
