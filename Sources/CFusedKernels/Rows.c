#include <math.h>

#include "CFusedKernels.h"
#include "Exponential.h"

// Functions of the rows of a matrix that lie one behind another. A row is read several times, from the core's cache; sums are
// taken in double precision, lane by lane, and then over the lanes in a fixed order.

struct rows {
    int64_t length;
    const float *x, *y;
    float *result;
    /// One number a row, read or written.
    const float *scales;
    float *inverse;
    double epsilon;
    int subtracts_mean;
    fk_softmax_kind kind;
};

/// The next lanes of a row, of which `left` are there; the others are `rest`.
FK_INLINE void load(fk_lanes *lanes, const float *row, int64_t left, float rest) {
    if (left >= FK_LANES) {
        *lanes = FK_LOAD(row);
        return;
    }
    float part[FK_LANES];
    for (int64_t lane = 0; lane < FK_LANES; ++lane) part[lane] = lane < left ? row[lane] : rest;
    *lanes = FK_LOAD(part);
}

FK_INLINE void store(const fk_lanes *lanes, float *row, int64_t left) {
    if (left >= FK_LANES) FK_STORE(row, *lanes);
    else memcpy(row, lanes, left * sizeof(float));
}

#define FK_EACH_ROW                                                              \
    const struct rows *rows = argument;                                           \
    const int64_t length = rows->length;                                          \
    for (int64_t row = begin; row < end; ++row)
#define FK_EACH_PART for (int64_t at = 0; at < length; at += FK_LANES)

/// The largest element; a NaN is passed over, and found again in the sum.
FK_INLINE float largest_of(const float *x, int64_t length) {
    fk_lanes top = (fk_lanes){} - INFINITY;
    FK_EACH_PART {
        fk_lanes part;
        load(&part, x + at, length - at, -INFINITY);
        top = FK_SELECT(part > top, part, top);
    }
    float largest = -INFINITY;
    for (int lane = 0; lane < FK_LANES; ++lane) largest = top[lane] > largest ? top[lane] : largest;
    return largest;
}

static FK_CLONES void softmax_rows(const void *argument, int64_t begin, int64_t end) {
    FK_EACH_ROW {
        const float *x = rows->x + row * length;
        float *y = rows->result + row * length;
        float shift = largest_of(x, length);
        // Where all are −∞ there is nothing to shift.
        if (shift == -INFINITY) shift = 0;
        fk_doubles sums = {0};
        FK_EACH_PART {
            fk_lanes part;
            load(&part, x + at, length - at, -INFINITY);
            part -= shift;
            if (rows->kind == fk_logarithmic) store(&part, y + at, length - at);
            fk_exponential(&part);
            if (rows->kind == fk_plain) store(&part, y + at, length - at);
            sums += FK_DOUBLES(part);
        }
        const double sum = fk_fold_doubles(&sums);
        const float factor = (float)(1 / sum), logarithm = (float)log(sum);
        FK_EACH_PART {
            fk_lanes part;
            load(&part, y + at, length - at, 0);
            if (rows->kind == fk_plain) part *= factor;
            else part -= logarithm;
            store(&part, y + at, length - at);
        }
    }
}

/// p, of lanes beyond the end what makes no difference.
FK_INLINE void probabilities(fk_lanes *p, const float *y, int64_t left, fk_softmax_kind kind) {
    load(p, y, left, 0);
    if (kind == fk_logarithmic) fk_exponential(p);
}

static FK_CLONES void softmax_pull_rows(const void *argument, int64_t begin, int64_t end) {
    FK_EACH_ROW {
        const float *c = rows->x + row * length, *y = rows->y + row * length;
        float *result = rows->result + row * length;
        const int is_plain = rows->kind == fk_plain;
        fk_doubles sums = {0};
        FK_EACH_PART {
            fk_lanes part, p;
            load(&part, c + at, length - at, 0);
            probabilities(&p, y + at, length - at, fk_plain);
            sums += is_plain ? FK_DOUBLES(part) * FK_DOUBLES(p) : FK_DOUBLES(part);
        }
        const float sum = (float)fk_fold_doubles(&sums);
        FK_EACH_PART {
            fk_lanes part, p;
            load(&part, c + at, length - at, 0);
            probabilities(&p, y + at, length - at, rows->kind);
            part = is_plain ? p * (part - sum) : part - p * sum;
            store(&part, result + at, length - at);
        }
    }
}

static FK_CLONES void log_softmax_push_rows(const void *argument, int64_t begin, int64_t end) {
    FK_EACH_ROW {
        const float *t = rows->x + row * length, *y = rows->y + row * length;
        float *result = rows->result + row * length;
        fk_doubles sums = {0};
        FK_EACH_PART {
            fk_lanes part, p;
            load(&part, t + at, length - at, 0);
            probabilities(&p, y + at, length - at, fk_logarithmic);
            sums += FK_DOUBLES(part) * FK_DOUBLES(p);
        }
        const float mean = (float)fk_fold_doubles(&sums);
        FK_EACH_PART {
            fk_lanes part;
            load(&part, t + at, length - at, 0);
            part -= mean;
            store(&part, result + at, length - at);
        }
    }
}

static FK_CLONES void standardize_rows(const void *argument, int64_t begin, int64_t end) {
    FK_EACH_ROW {
        const float *x = rows->x + row * length;
        float *y = rows->result + row * length;
        double mean = 0;
        if (rows->subtracts_mean) {
            fk_doubles sums = {0};
            FK_EACH_PART {
                fk_lanes part;
                load(&part, x + at, length - at, 0);
                sums += FK_DOUBLES(part);
            }
            mean = fk_fold_doubles(&sums) / (double)length;
        }
        // In two parts: against a small deviation the rounding of a large mean would count.
        const float high = (float)mean, low = isfinite(high) ? (float)(mean - high) : 0;
        fk_doubles squares = {0};
        FK_EACH_PART {
            fk_lanes part;
            load(&part, x + at, length - at, high + low);
            const fk_doubles centred = FK_DOUBLES(part - high - low);
            squares += centred * centred;
        }
        if (length % FK_LANES) {
            // What stood in the lanes beyond the end need not be exactly the mean.
            const int64_t at = length / FK_LANES * FK_LANES;
            const double rest = (double)(high + low - high - low);
            double sums[FK_LANES];
            memcpy(sums, &squares, sizeof sums);
            for (int64_t lane = length - at; lane < FK_LANES; ++lane) sums[lane] -= rest * rest;
            memcpy(&squares, sums, sizeof sums);
        }
        const double variance = fk_fold_doubles(&squares) / (double)length;
        const float inverse = (float)(1 / sqrt(variance + rows->epsilon));
        rows->inverse[row] = inverse;
        FK_EACH_PART {
            fk_lanes part;
            load(&part, x + at, length - at, 0);
            part = (part - high - low) * inverse;
            store(&part, y + at, length - at);
        }
    }
}

static FK_CLONES void standardize_derivative_rows(const void *argument, int64_t begin, int64_t end) {
    FK_EACH_ROW {
        const float *v = rows->x + row * length, *y = rows->y + row * length;
        float *result = rows->result + row * length;
        fk_doubles sums = {0}, products = {0};
        FK_EACH_PART {
            fk_lanes part, value;
            load(&part, v + at, length - at, 0);
            load(&value, y + at, length - at, 0);
            sums += FK_DOUBLES(part);
            products += FK_DOUBLES(part) * FK_DOUBLES(value);
        }
        const float inverse = rows->scales[row];
        const float mean = rows->subtracts_mean ? (float)(fk_fold_doubles(&sums) / (double)length) : 0;
        const float along = (float)(fk_fold_doubles(&products) / (double)length);
        FK_EACH_PART {
            fk_lanes part, value;
            load(&part, v + at, length - at, 0);
            load(&value, y + at, length - at, 0);
            part = (part - mean - value * along) * inverse;
            store(&part, result + at, length - at);
        }
    }
}

void fk_softmax(
    int64_t rows, int64_t length, const float *x, fk_softmax_kind kind, float *y, int threads
) {
    const struct rows all = {.length = length, .x = x, .result = y, .kind = kind};
    fk_split(softmax_rows, &all, rows, rows * length, threads);
}

void fk_softmax_pullback(
    int64_t rows, int64_t length, const float *cotangent, const float *y, fk_softmax_kind kind, float *result,
    int threads
) {
    const struct rows all = {.length = length, .x = cotangent, .y = y, .result = result, .kind = kind};
    fk_split(softmax_pull_rows, &all, rows, rows * length, threads);
}

void fk_softmax_pushforward(
    int64_t rows, int64_t length, const float *tangent, const float *y, fk_softmax_kind kind, float *result,
    int threads
) {
    const struct rows all = {.length = length, .x = tangent, .y = y, .result = result, .kind = kind};
    // Without the logarithm the Jacobian is symmetric.
    fk_split(kind == fk_plain ? softmax_pull_rows : log_softmax_push_rows, &all, rows, rows * length, threads);
}

void fk_standardize(
    int64_t rows, int64_t length, const float *x, double epsilon, int subtracts_mean, float *y, float *inverse,
    int threads
) {
    const struct rows all = {
        .length = length, .x = x, .result = y, .inverse = inverse, .epsilon = epsilon,
        .subtracts_mean = subtracts_mean};
    fk_split(standardize_rows, &all, rows, rows * length, threads);
}

void fk_standardize_derivative(
    int64_t rows, int64_t length, const float *v, const float *y, const float *inverse, int subtracts_mean,
    float *result, int threads
) {
    const struct rows all = {
        .length = length, .x = v, .y = y, .scales = inverse, .result = result, .subtracts_mean = subtracts_mean};
    fk_split(standardize_derivative_rows, &all, rows, rows * length, threads);
}
