#include "Accessors.h"

#include <gsl/gsl_version.h>
#include <gsl/gsl_linalg.h>

const gsl_root_fsolver_type *cgsl_root_brent(void) { return gsl_root_fsolver_brent; }

int cgsl_svd_jacobi(double *matrix, double *right, double *values, size_t rows, size_t columns) {
    gsl_matrix_view a = gsl_matrix_view_array(matrix, rows, columns);
    gsl_matrix_view q = gsl_matrix_view_array(right, columns, columns);
    gsl_vector_view s = gsl_vector_view_array(values, columns);
    return gsl_linalg_SV_decomp_jacobi(&a.matrix, &q.matrix, &s.vector);
}

const char *cgsl_version(void) { return gsl_version; }
