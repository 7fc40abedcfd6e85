#include "Team.h"

#include "CFusedKernels.h"

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

struct sharing {
    fk_share_body body;
    const void *context;
    int64_t items;
};

static void run_numbered_share(void *argument) {
    const struct sharing *sharing = argument;
    const int64_t thread = omp_get_thread_num(), team = omp_get_num_threads();
    const int64_t begin = sharing->items * thread / team;
    const int64_t end = sharing->items * (thread + 1) / team;
    if (begin < end) sharing->body(sharing->context, thread, begin, end);
}

void fk_share(int64_t items, fk_share_body body, const void *context, int threads) {
    if (items <= 0) return;
    if (threads <= 1 || items == 1) {
        body(context, 0, 0, items);
        return;
    }
    struct sharing sharing = {body, context, items};
    GOMP_parallel(run_numbered_share, &sharing, (unsigned)threads, 0);
}

void *fk_scratch(int64_t bytes) {
    void *memory = malloc(bytes > 0 ? (size_t)bytes : 1);
    if (!memory) abort();
    return memory;
}
