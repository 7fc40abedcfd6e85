#ifndef FMA_BURST_H
#define FMA_BURST_H

#include <stdint.h>

/// Defines `float NAME(int64_t iterations)`: in every iteration one multiply-add on each of `ACCUMULATORS`
/// vectors of `BYTES` bytes. The accumulators do not depend on each other and all fit in registers, so the
/// loop is bound by nothing but the rate of multiply-adds.
#define DEFINE_BURST(NAME, ATTRIBUTES, BYTES, ACCUMULATORS)                     \
    ATTRIBUTES float NAME(int64_t iterations) {                                 \
        _Pragma("clang fp contract(fast)")                                      \
        typedef float vector __attribute__((vector_size(BYTES)));               \
        enum { LANES = BYTES / sizeof(float) };                                 \
        vector accumulators[ACCUMULATORS];                                      \
        vector factor, term;                                                    \
        for (int lane = 0; lane < LANES; ++lane) {                              \
            factor[lane] = 0.5f;                                                \
            term[lane] = 1.0f;                                                  \
        }                                                                       \
        for (int k = 0; k < ACCUMULATORS; ++k) accumulators[k] = term * (float)k; \
        for (int64_t i = 0; i < iterations; ++i) {                              \
            _Pragma("clang loop unroll(full)")                                  \
            for (int k = 0; k < ACCUMULATORS; ++k)                              \
                accumulators[k] = accumulators[k] * factor + term;              \
        }                                                                       \
        vector sum = term;                                                      \
        for (int k = 0; k < ACCUMULATORS; ++k) sum += accumulators[k];          \
        float total = 0;                                                        \
        for (int lane = 0; lane < LANES; ++lane) total += sum[lane];            \
        return total;                                                           \
    }

#endif
