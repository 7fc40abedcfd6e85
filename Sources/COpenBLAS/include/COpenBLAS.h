#ifndef PROPAGATE_OPENBLAS_H
#define PROPAGATE_OPENBLAS_H
#include <stddef.h>
#include <stdint.h>

/// C = A·B + beta·C in row-major order; `transpose` 1 reads the operand transposed.
///
/// Ends the process with a sentence and exit code 2 where the library cannot have its buffer, for which it would wait
/// without end.
void propagate_dgemm(int transpose_a, int transpose_b, int m, int n, int k, const double *a, int lda,
                     const double *b, int ldb, double beta, double *c, int ldc);

/// Threads that have called the library, and the address space that it reserves for each of them.
int64_t propagate_openblas_callers(void);
int64_t propagate_openblas_buffer_bytes(void);

/// Keeps OpenBLAS on the calling thread: its own thread pool fights with the team that calls it.
void propagate_openblas_single_thread(void);

/// Version and kernel set of the library that `cblas_dgemm` resolved to.
const char *propagate_openblas_configuration(void);

/// Path of the shared library that `cblas_dgemm` resolved to, or "" if unknown.
const char *propagate_dgemm_library(void);
#endif
