#include <stdlib.h>

#include "CFusedKernels.h"
#include "Lanes.h"

/// Elements that are summed in single precision before they join the double sums: 256 a lane.
#define CHUNK 4096
/// A sum of squares of less than this may have lost some to underflow.
#define TINY 1e-28

struct context {
    int64_t count;
    fk_decomposition_step step;
    float *total;
    float *through_weights;
    fk_decomposition_sums *sums;
};

/// a·x + b·y, where a coefficient of 0 leaves its tensor unread: infinite numbers in it do no harm.
FK_INLINE void combine_rows(
    const float *x, float a, const float *y, float b, int64_t count, float *result
) {
    if (a != 0 && b != 0) {
        _Pragma("clang loop vectorize(assume_safety)")
        for (int64_t i = 0; i < count; ++i) result[i] = a * x[i] + b * y[i];
    } else if (a == 0 && b == 0) {
        memset(result, 0, count * sizeof(float));
    } else {
        const float *only = a != 0 ? x : y;
        const float factor = a != 0 ? a : b;
        _Pragma("clang loop vectorize(assume_safety)")
        for (int64_t i = 0; i < count; ++i) result[i] = factor * only[i];
    }
}

/// The sums in double precision, where no square overflows or underflows: for what is left of a row, and for
/// chunks that are 0 or extreme.
FK_INLINE fk_decomposition_sums exact_sums(
    const fk_decomposition_step *step, const float *g, const float *d, const float *w, int64_t count
) {
    fk_doubles gg = {0}, dd = {0}, ww = {0}, dw = {0}, rr = {0};
    const double a = step->residual_total, b = step->residual_direct, c = step->residual_through_weights;
    for (int64_t i = 0; i < count; i += FK_LANES) {
        const size_t bytes = (count - i < FK_LANES ? count - i : FK_LANES) * sizeof(float);
        float rows[3][FK_LANES] = {{0}};
        memcpy(rows[0], g + i, bytes);
        memcpy(rows[1], d + i, bytes);
        memcpy(rows[2], w + i, bytes);
        const fk_doubles gi = FK_DOUBLES(FK_LOAD(rows[0])), di = FK_DOUBLES(FK_LOAD(rows[1]));
        const fk_doubles wi = FK_DOUBLES(FK_LOAD(rows[2])), none = {0};
        const fk_doubles total = a != 0 ? a * gi : none, direct = b != 0 ? b * di : none;
        const fk_doubles residual = total - direct - (c != 0 ? c * wi : none);
        gg += gi * gi;
        dd += di * di;
        ww += wi * wi;
        dw += di * wi;
        rr += residual * residual;
    }
    return (fk_decomposition_sums){
        fk_fold_doubles(&gg), fk_fold_doubles(&dd), fk_fold_doubles(&ww), fk_fold_doubles(&dw),
        fk_fold_doubles(&rr)};
}

FK_INLINE void add(fk_decomposition_sums *into, const fk_decomposition_sums *from) {
    into->total += from->total;
    into->direct += from->direct;
    into->through_weights += from->through_weights;
    into->direct_times_through_weights += from->direct_times_through_weights;
    into->residual += from->residual;
}

FK_INLINE int in_range(double sum) { return sum >= TINY && sum <= 1e38; }

/// Sums of whole rows; with `combined`, g and w are first computed and stored in the same pass.
FK_INLINE fk_decomposition_sums row_sums(
    const fk_decomposition_step *step, int64_t at, int64_t count, int combined, float *g, float *w
) {
    fk_lanes gg = {0}, dd = {0}, ww = {0}, dw = {0}, rr = {0};
    const float total = step->total_coefficient, through = step->through_weights_coefficient;
    const float in_total = step->branch_in_total, in_through = step->branch_in_through_weights;
    const float a = step->residual_total, b = step->residual_direct, c = step->residual_through_weights;
    for (int64_t i = at; i < at + count; i += FK_LANES) {
        const fk_lanes di = FK_LOAD(step->direct + i);
        fk_lanes gi = FK_LOAD((combined ? step->total : g) + i);
        fk_lanes wi = FK_LOAD((combined ? step->through_weights : w) + i);
        if (combined) {
            const fk_lanes ji = FK_LOAD(step->branch + i);
            gi = total * gi + in_total * ji;
            wi = through * wi + in_through * ji;
            FK_STORE(g + i, gi);
            FK_STORE(w + i, wi);
        }
        const fk_lanes residual = a * gi - b * di - c * wi;
        gg += gi * gi;
        dd += di * di;
        ww += wi * wi;
        dw += di * wi;
        rr += residual * residual;
    }
    return (fk_decomposition_sums){fk_fold(&gg), fk_fold(&dd), fk_fold(&ww), fk_fold(&dw), fk_fold(&rr)};
}

/// Both recursions on a piece, where coefficients of 0 or a partial row ask for care.
FK_INLINE void combine_piece(
    const fk_decomposition_step *step, int64_t at, int64_t count, float *g, float *w
) {
    const float *j = step->branch + at;
    combine_rows(step->total + at, step->total_coefficient, j, step->branch_in_total, count, g + at);
    combine_rows(
        step->through_weights + at, step->through_weights_coefficient, j, step->branch_in_through_weights,
        count, w + at);
}

FK_INLINE fk_decomposition_sums chunk_sums(
    const fk_decomposition_step *step, int64_t at, int64_t count, float *g, float *w
) {
    const int64_t whole = count / FK_LANES * FK_LANES, rest = count - whole, end = at + whole;
    fk_decomposition_sums sums;
    if (step->total_coefficient != 0 && step->through_weights_coefficient != 0 && step->branch_in_total != 0
        && step->branch_in_through_weights != 0) {
        sums = row_sums(step, at, whole, 1, g, w);
    } else {
        combine_piece(step, at, whole, g, w);
        sums = row_sums(step, at, whole, 0, g, w);
    }
    combine_piece(step, end, rest, g, w);
    if (!in_range(sums.total) || !in_range(sums.direct) || !in_range(sums.through_weights))
        return exact_sums(step, g + at, step->direct + at, w + at, count);
    const fk_decomposition_sums tail = exact_sums(step, g + end, step->direct + end, w + end, rest);
    add(&sums, &tail);
    return sums;
}

static FK_CLONES void decompose_chunks(const void *argument, int64_t begin, int64_t end) {
    const struct context *context = argument;
    for (int64_t chunk = begin; chunk < end; ++chunk) {
        const int64_t at = chunk * CHUNK, left = context->count - at;
        context->sums[chunk] = chunk_sums(
            &context->step, at, left < CHUNK ? left : CHUNK, context->total, context->through_weights);
    }
}

fk_decomposition_sums fk_decompose(
    int64_t count, fk_decomposition_step step, float *total, float *through_weights, int threads
) {
    const int64_t chunks = (count + CHUNK - 1) / CHUNK;
    fk_decomposition_sums few[16], sums = {0};
    struct context context = {count, step, total, through_weights, few};
    if (chunks > 16) context.sums = fk_scratch(chunks * sizeof(fk_decomposition_sums));
    fk_split(decompose_chunks, &context, chunks, count, threads);
    for (int64_t chunk = 0; chunk < chunks; ++chunk) add(&sums, &context.sums[chunk]);
    if (context.sums != few) free(context.sums);
    return sums;
}
