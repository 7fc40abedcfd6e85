#include "CFusedKernels.h"
#include "Lanes.h"

// One loop each, over pieces of a whole number of rows so that no two threads write to one cache line.

#define PIECE 1024
/// Element i of the result depends on element i of the arguments only, so the loop may be vectorised even
/// where the result is the memory of an argument.
#define EACH _Pragma("clang loop vectorize(assume_safety)") for (int64_t i = begin; i < end; ++i)

struct context {
    int64_t count;
    const float *x;
    const float *y;
    float *result;
    float a;
    float b;
};

#define RANGE                                                       \
    const struct context *context = argument;                      \
    const float *x = context->x, *y = context->y;                   \
    float *result = context->result;                                \
    const float a = context->a, b = context->b;                     \
    begin *= PIECE;                                                 \
    end = end * PIECE < context->count ? end * PIECE : context->count; \
    (void)x, (void)y, (void)a, (void)b;

static FK_CLONES void rectify(const void *argument, int64_t begin, int64_t end) {
    RANGE
    EACH result[i] = x[i] < 0 ? 0 : x[i];
}

static FK_CLONES void keep_where_positive(const void *argument, int64_t begin, int64_t end) {
    RANGE
    EACH result[i] = y[i] > 0 ? x[i] : 0;
}

static FK_CLONES void multiply(const void *argument, int64_t begin, int64_t end) {
    RANGE
    EACH result[i] = x[i] * y[i];
}

static FK_CLONES void scale(const void *argument, int64_t begin, int64_t end) {
    RANGE
    EACH result[i] = a * x[i];
}

static FK_CLONES void combine(const void *argument, int64_t begin, int64_t end) {
    RANGE
    EACH result[i] = a * x[i] + b * y[i];
}

static void run(fk_body body, struct context context, int threads) {
    fk_split(body, &context, (context.count + PIECE - 1) / PIECE, context.count, threads);
}

void fk_rectify(int64_t count, const float *x, float *y, int threads) {
    run(rectify, (struct context){count, x, NULL, y, 0, 0}, threads);
}

void fk_keep_where_positive(int64_t count, const float *v, const float *y, float *result, int threads) {
    run(keep_where_positive, (struct context){count, v, y, result, 0, 0}, threads);
}

void fk_multiply(int64_t count, const float *a, const float *b, float *result, int threads) {
    run(multiply, (struct context){count, a, b, result, 0, 0}, threads);
}

void fk_scale(int64_t count, const float *x, float a, float *result, int threads) {
    run(scale, (struct context){count, x, NULL, result, a, 0}, threads);
}

void fk_combine(
    int64_t count, const float *x, float a, const float *y, float b, float *result, int threads
) {
    run(combine, (struct context){count, x, y, result, a, b}, threads);
}
