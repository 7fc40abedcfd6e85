#define _GNU_SOURCE
#include "COpenBLAS.h"
#include <cblas.h>
#include <dlfcn.h>

void propagate_dgemm(int transpose_a, int transpose_b, int m, int n, int k, const double *a, int lda,
                     const double *b, int ldb, double beta, double *c, int ldc) {
    cblas_dgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans,
                m, n, k, 1.0, a, lda, b, ldb, beta, c, ldc);
}

void propagate_openblas_single_thread(void) { openblas_set_num_threads(1); }

const char *propagate_openblas_configuration(void) { return openblas_get_config(); }

const char *propagate_dgemm_library(void) {
    Dl_info info;
    return dladdr((void *)cblas_dgemm, &info) && info.dli_fname ? info.dli_fname : "";
}
