#include "Team.h"

#include "CFusedKernels.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

// libgomp's entry points, declared here so that no compiler flag is needed.
extern void GOMP_parallel(void (*)(void *), void *, unsigned, unsigned);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);

struct division {
    fk_body body;
    const void *context;
    int64_t items;
};

static void run_share(void *argument) {
    const struct division *division = argument;
    const int64_t thread = omp_get_thread_num(), team = omp_get_num_threads();
    const int64_t begin = division->items * thread / team;
    const int64_t end = division->items * (thread + 1) / team;
    if (begin < end) division->body(division->context, begin, end);
}

void fk_split(fk_body body, const void *context, int64_t items, int64_t elements, int threads) {
    if (items <= 0) return;
    if (threads <= 1 || items == 1 || elements < FK_SMALL) {
        body(context, 0, items);
        return;
    }
    struct division division = {body, context, items};
    GOMP_parallel(run_share, &division, (unsigned)threads, 0);
}

/// Items that are still to be done of a thread's part: the first one, and behind the last in the upper half. Parts of
/// two threads are never in one cache line.
struct part {
    _Alignas(64) _Atomic uint64_t left;
};

static uint64_t left_of(uint64_t begin, uint64_t end) { return end << 32 | begin; }

/// Takes the first item of a part, or the last.
/// Returns it, or -1 where there is none.
static int64_t take(struct part *part, int from_end) {
    uint64_t left = atomic_load_explicit(&part->left, memory_order_relaxed);
    for (;;) {
        const uint64_t begin = left & UINT32_MAX, end = left >> 32;
        if (begin >= end) return -1;
        const uint64_t rest = from_end ? left_of(begin, end - 1) : left_of(begin + 1, end);
        if (atomic_compare_exchange_weak(&part->left, &left, rest)) return (int64_t)(from_end ? end - 1 : begin);
    }
}

struct sharing {
    fk_share_body body;
    const void *context;
    struct part *parts;
    int threads;
};

/// A thread's own part, and then what others have left: a thread that the system has put aside holds nobody up.
static void run_shares(void *argument) {
    const struct sharing *sharing = argument;
    const int thread = omp_get_thread_num();
    for (int other = 0; other < sharing->threads; ++other) {
        struct part *part = sharing->parts + (thread + other) % sharing->threads;
        for (int64_t item; (item = take(part, other > 0)) >= 0;)
            sharing->body(sharing->context, thread, item, item + 1);
    }
}

void fk_share(int64_t items, fk_share_body body, const void *context, int threads) {
    if (items <= 0) return;
    if (threads <= 1 || items == 1) {
        body(context, 0, 0, items);
        return;
    }
    struct part parts[threads];
    for (int thread = 0; thread < threads; ++thread)
        atomic_init(&parts[thread].left, left_of(items * thread / threads, items * (thread + 1) / threads));
    struct sharing sharing = {body, context, parts, threads};
    GOMP_parallel(run_shares, &sharing, (unsigned)threads, 0);
}

void *fk_scratch(int64_t bytes) {
    void *memory = malloc(bytes > 0 ? (size_t)bytes : 1);
    if (!memory) {
        fprintf(stderr, "Error: The system refuses %lld bytes of memory.\n", (long long)bytes);
        _Exit(2);
    }
    return memory;
}
