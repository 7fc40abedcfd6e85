#include "RandomFills.h"

#include <gsl/gsl_randist.h>
#include <math.h>

void cgsl_fill_normals_float(gsl_rng *rng, float *out, size_t count, double sigma) {
    for (size_t i = 0; i < count; i++)
        out[i] = (float)gsl_ran_gaussian_ziggurat(rng, sigma);
}

void cgsl_fill_normals_double(gsl_rng *rng, double *out, size_t count, double sigma) {
    for (size_t i = 0; i < count; i++)
        out[i] = gsl_ran_gaussian_ziggurat(rng, sigma);
}

// low + u·(high − low) can round up to `high`; the interval stays half open.
static inline double uniform(gsl_rng *rng, double low, double high) {
    const double value = low + gsl_rng_uniform(rng) * (high - low);
    return value < high ? value : nextafter(high, low);
}

void cgsl_fill_uniforms_float(gsl_rng *rng, float *out, size_t count, double low, double high) {
    for (size_t i = 0; i < count; i++) {
        const float value = (float)uniform(rng, low, high);
        out[i] = value < (float)high ? value : nextafterf((float)high, (float)low);
    }
}

void cgsl_fill_uniforms_double(gsl_rng *rng, double *out, size_t count, double low, double high) {
    for (size_t i = 0; i < count; i++) out[i] = uniform(rng, low, high);
}

void cgsl_fill_mask_float(gsl_rng *rng, float *out, size_t count, double zero_probability) {
    for (size_t i = 0; i < count; i++)
        out[i] = (float)(gsl_rng_uniform(rng) >= zero_probability);
}

void cgsl_fill_mask_double(gsl_rng *rng, double *out, size_t count, double zero_probability) {
    for (size_t i = 0; i < count; i++)
        out[i] = (double)(gsl_rng_uniform(rng) >= zero_probability);
}
