#include "CFMAPeak.h"

#include <time.h>

#include "Burst.h"

#if defined(__x86_64__)
DEFINE_BURST(burst_avx512, __attribute__((target("avx512f"))) static, 64, 24)
DEFINE_BURST(burst_avx2, __attribute__((target("avx2,fma"))) static, 32, 12)
DEFINE_BURST(burst_generic, static, 16, 12)
#else
// 32 registers of 128 bits.
DEFINE_BURST(burst_generic, static, 16, 24)
#endif

struct code {
    const char *name;
    float (*burst)(int64_t);
    /// Multiplications and additions of one iteration.
    int operations;
};

/// The widest that this processor has.
static struct code best(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return (struct code){"AVX-512", burst_avx512, 2 * 16 * 24};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return (struct code){"AVX2 and FMA", burst_avx2, 2 * 8 * 12};
    return (struct code){"SSE2", burst_generic, 2 * 4 * 12};
#else
    return (struct code){"128-bit vectors", burst_generic, 2 * 4 * 24};
#endif
}

const char *fma_instruction_set(void) { return best().name; }

// libgomp's entry point, declared here so that no compiler flag is needed.
extern void GOMP_parallel(void (*)(void *), void *, unsigned, unsigned);

struct run {
    float (*burst)(int64_t);
    int64_t iterations;
    /// Keeps the compiler from leaving the work out.
    volatile float sink;
};

static void run_one(void *argument) {
    struct run *run = argument;
    run->sink = run->burst(run->iterations);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

fma_burst fma_run(int64_t iterations, int threads) {
    const struct code code = best();
    struct run run = {code.burst, iterations, 0};
    const double start = now();
    GOMP_parallel(run_one, &run, (unsigned)threads, 0);
    return (fma_burst){(double)iterations * code.operations * threads, now() - start};
}
