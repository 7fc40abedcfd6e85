#ifndef CGSL_SYMBOL_ORIGIN_H
#define CGSL_SYMBOL_ORIGIN_H

/// The path of the library whose `cblas_dgemm` this process calls, or NULL if
/// it cannot be told. For the test that GSL's own slow BLAS is not the one.
const char *cgsl_path_of_cblas_dgemm(void);

#endif
