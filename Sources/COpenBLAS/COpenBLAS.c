#define _GNU_SOURCE
#include "COpenBLAS.h"
#include <cblas.h>
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

/// What the library maps for a thread that calls it: 128 MiB and two pages.
static const size_t BUFFER = (128u << 20) + 8192;
static _Atomic int64_t callers;
static _Thread_local int has_called;

/// Where the system refuses the library a buffer, it asks again without end. So it is asked here first.
static void require_buffer(void) {
    if (has_called) return;
    void *const trial = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (trial == MAP_FAILED) {
        fprintf(
            stderr, "Error: The system refuses the %zu MiB of addresses that OpenBLAS reserves for every thread.\n",
            BUFFER >> 20);
        _Exit(2);
    }
    munmap(trial, BUFFER);
    has_called = 1;
    atomic_fetch_add(&callers, 1);
}

int64_t propagate_openblas_callers(void) { return atomic_load(&callers); }

int64_t propagate_openblas_buffer_bytes(void) { return (int64_t)BUFFER; }

void propagate_dgemm(int transpose_a, int transpose_b, int m, int n, int k, const double *a, int lda,
                     const double *b, int ldb, double beta, double *c, int ldc) {
    require_buffer();
    cblas_dgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans,
                m, n, k, 1.0, a, lda, b, ldb, beta, c, ldc);
}

void propagate_openblas_single_thread(void) { openblas_set_num_threads(1); }

const char *propagate_openblas_configuration(void) { return openblas_get_config(); }

const char *propagate_dgemm_library(void) {
    Dl_info info;
    return dladdr((void *)cblas_dgemm, &info) && info.dli_fname ? info.dli_fname : "";
}
