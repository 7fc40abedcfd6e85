#include <stdlib.h>

#include "CFusedKernels.h"
#include "Lanes.h"

/// Elements that are summed in single precision before they join the double sums.
#define CHUNK 1024
/// A sum of squares of more than this may hold an overflow.
#define LARGE 1e38

struct context {
    int64_t count;
    const float *x;
    const float *p;
    const float *q;
    float a;
    fk_squared_residual *sums;
};

/// In double precision no square of a float overflows or underflows.
static fk_squared_residual exact_sums(
    const float *x, const float *p, const float *q, float a, int64_t begin, int64_t end
) {
    fk_squared_residual sums = {0, 0, 0};
    for (int64_t i = begin; i < end; ++i) {
        const double part = a == 0 ? 0 : (double)a * q[i];
        const double difference = x[i] - part - p[i];
        sums.residual += difference * difference;
        sums.value += (double)x[i] * x[i];
        sums.carried += part * part;
    }
    return sums;
}

static FK_CLONES void residual_chunks(const void *argument, int64_t begin, int64_t end) {
    const struct context *context = argument;
    for (int64_t chunk = begin; chunk < end; ++chunk) {
        const int64_t at = chunk * CHUNK;
        const int64_t left = context->count - at;
        const int64_t count = left < CHUNK ? left : CHUNK;
        const float *x = context->x + at, *p = context->p + at, *q = context->q + at;
        const float a = context->a;
        fk_lanes residual = {0}, value = {0}, carried = {0};
        int64_t i = 0;
        for (; i + FK_LANES <= count; i += FK_LANES) {
            const fk_lanes here = FK_LOAD(x + i);
            const fk_lanes part = a == 0 ? (fk_lanes){0} : a * FK_LOAD(q + i);
            const fk_lanes difference = here - part - FK_LOAD(p + i);
            residual += difference * difference;
            value += here * here;
            carried += part * part;
        }
        fk_squared_residual sums = {fk_fold(&residual), fk_fold(&value), fk_fold(&carried)};
        // The comparison is false for NaN too.
        if (!(sums.value <= LARGE && sums.carried <= LARGE && sums.residual <= LARGE)) {
            context->sums[chunk] = exact_sums(x, p, q, a, 0, count);
            continue;
        }
        const fk_squared_residual tail = exact_sums(x, p, q, a, i, count);
        context->sums[chunk] = (fk_squared_residual){
            sums.residual + tail.residual, sums.value + tail.value, sums.carried + tail.carried};
    }
}

fk_squared_residual fk_residual(
    int64_t count, const float *x, const float *p, const float *q, float a, int threads
) {
    const int64_t chunks = (count + CHUNK - 1) / CHUNK;
    fk_squared_residual few[16];
    struct context context = {.count = count, .x = x, .p = p, .q = q, .a = a};
    context.sums = chunks <= 16 ? few : fk_scratch(chunks * sizeof(fk_squared_residual));
    fk_split(residual_chunks, &context, chunks, count, threads);
    fk_squared_residual total = {0, 0, 0};
    for (int64_t chunk = 0; chunk < chunks; ++chunk) {
        total.residual += context.sums[chunk].residual;
        total.value += context.sums[chunk].value;
        total.carried += context.sums[chunk].carried;
    }
    if (context.sums != few) free(context.sums);
    return total;
}
