#ifndef CGSL_ACCESSORS_H
#define CGSL_ACCESSORS_H

#include <gsl/gsl_roots.h>
#include <stddef.h>

/// GSL's `gsl_root_fsolver_brent`. An accessor, because Swift 6 rejects C globals
/// that are pointers.
const gsl_root_fsolver_type *cgsl_root_brent(void);

/// `gsl_linalg_SV_decomp_jacobi` on dense row-major arrays: `matrix` (rows × columns,
/// rows ≥ columns ≥ 1) becomes U, `right` (columns × columns) V. Returns GSL's status.
int cgsl_svd_jacobi(double *matrix, double *right, double *values, size_t rows, size_t columns);

/// The version of the GSL that runs.
const char *cgsl_version(void);

#endif
