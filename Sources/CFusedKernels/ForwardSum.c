#include <stdlib.h>

#include "CFusedKernels.h"
#include "Lanes.h"

/// Elements that are summed in single precision before they join the double sums: 64 a lane.
#define CHUNK 1024
/// A sum of squares of more than this may hold an overflow.
#define LARGE 1e38
/// Where the terms' squares are less than this together, those of a residual that matters (1e−5 of the terms) may have
/// underflowed.
#define SMALL 1e-17

struct context {
    int64_t count;
    fk_forward_sum_step step;
    float *result;
    fk_forward_sum_squares *sums;
};

FK_INLINE void add(fk_forward_sum_squares *into, const fk_forward_sum_squares *from) {
    into->sum += from->sum;
    into->value += from->value;
    into->carried += from->carried;
    into->residual += from->residual;
}

/// s ← c·s + b·f and the sums over whole rows, in one pass.
FK_INLINE fk_forward_sum_squares row_sums(
    const fk_forward_sum_step *step, int64_t at, int64_t count, float *result
) {
    const float previous = step->previous_coefficient, branch = step->branch_coefficient;
    const float carrying = step->carried_coefficient;
    const fk_lanes none = {0};
    fk_lanes ss = {0}, xx = {0}, qq = {0}, rr = {0};
    for (int64_t i = at; i < at + count; i += FK_LANES) {
        const fk_lanes added = branch * FK_LOAD(step->branch + i);
        const fk_lanes sum = previous == 0 ? added : previous * FK_LOAD(step->previous + i) + added;
        const fk_lanes carried = carrying == 0 ? none : carrying * FK_LOAD(step->carried + i);
        const fk_lanes value = FK_LOAD(step->value + i);
        const fk_lanes residual = value - carried - sum;
        FK_STORE(result + i, sum);
        ss += sum * sum;
        xx += value * value;
        qq += carried * carried;
        rr += residual * residual;
    }
    return (fk_forward_sum_squares){fk_fold(&ss), fk_fold(&xx), fk_fold(&qq), fk_fold(&rr)};
}

FK_INLINE void combine(const fk_forward_sum_step *step, int64_t at, int64_t count, float *result) {
    const float previous = step->previous_coefficient, branch = step->branch_coefficient;
    for (int64_t i = at; i < at + count; ++i) {
        const float added = branch * step->branch[i];
        result[i] = previous == 0 ? added : previous * step->previous[i] + added;
    }
}

/// The squares in double precision, where none of a float overflows or underflows.
static fk_forward_sum_squares exact_squares(
    const fk_forward_sum_step *step, const float *sum, int64_t at, int64_t count
) {
    fk_forward_sum_squares squares = {0, 0, 0, 0};
    for (int64_t i = at; i < at + count; ++i) {
        const double s = sum[i], x = step->value[i];
        const double q =
            step->carried_coefficient == 0 ? 0 : (double)step->carried_coefficient * step->carried[i];
        const double residual = x - q - s;
        squares.sum += s * s;
        squares.value += x * x;
        squares.carried += q * q;
        squares.residual += residual * residual;
    }
    return squares;
}

static FK_CLONES void sum_chunks(const void *argument, int64_t begin, int64_t end) {
    const struct context *context = argument;
    const fk_forward_sum_step *step = &context->step;
    for (int64_t chunk = begin; chunk < end; ++chunk) {
        const int64_t at = chunk * CHUNK, left = context->count - at, count = left < CHUNK ? left : CHUNK;
        const int64_t whole = count / FK_LANES * FK_LANES, rest = count - whole;
        fk_forward_sum_squares sums = row_sums(step, at, whole, context->result);
        combine(step, at + whole, rest, context->result);
        // The comparisons are false for NaN too.
        if (sums.sum <= LARGE && sums.value <= LARGE && sums.carried <= LARGE && sums.residual <= LARGE
            && sums.sum + sums.value + sums.carried >= SMALL) {
            const fk_forward_sum_squares tail = exact_squares(step, context->result, at + whole, rest);
            add(&sums, &tail);
        } else {
            sums = exact_squares(step, context->result, at, count);
        }
        context->sums[chunk] = sums;
    }
}

fk_forward_sum_squares fk_advance_forward_sum(
    int64_t count, fk_forward_sum_step step, float *result, int threads
) {
    const int64_t chunks = (count + CHUNK - 1) / CHUNK;
    fk_forward_sum_squares few[16], total = {0, 0, 0, 0};
    struct context context = {count, step, result, few};
    if (chunks > 16) context.sums = fk_scratch(chunks * sizeof(fk_forward_sum_squares));
    fk_split(sum_chunks, &context, chunks, count, threads);
    for (int64_t chunk = 0; chunk < chunks; ++chunk) add(&total, &context.sums[chunk]);
    if (context.sums != few) free(context.sums);
    return total;
}
