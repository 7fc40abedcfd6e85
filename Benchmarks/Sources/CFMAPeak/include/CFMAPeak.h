#ifndef C_FMA_PEAK_H
#define C_FMA_PEAK_H

#include <stdint.h>

/// One run of single-precision multiply-adds in registers, on every thread of a team at once.
typedef struct {
    /// Multiplications and additions done by all threads.
    double operations;
    /// From the first thread's start to the last one's end.
    double seconds;
} fma_burst;

/// The instruction set that the bursts use, such as "AVX-512".
const char *fma_instruction_set(void);

/// Runs `iterations` rounds on each of `threads` threads of libgomp's team, the one that the convolutions use.
fma_burst fma_run(int64_t iterations, int threads);

#endif
