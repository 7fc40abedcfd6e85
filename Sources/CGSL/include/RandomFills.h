#ifndef CGSL_RANDOM_FILLS_H
#define CGSL_RANDOM_FILLS_H

#include <gsl/gsl_rng.h>
#include <stddef.h>

// Loops over GSL's samplers, in C because ten million draws are one network's
// weights. A float is the double of the same draw, rounded.

/// N(0, sigma²), by the ziggurat method.
void cgsl_fill_normals_float(gsl_rng *rng, float *out, size_t count, double sigma);
void cgsl_fill_normals_double(gsl_rng *rng, double *out, size_t count, double sigma);

/// Uniform on [low, high).
void cgsl_fill_uniforms_float(gsl_rng *rng, float *out, size_t count, double low, double high);
void cgsl_fill_uniforms_double(gsl_rng *rng, double *out, size_t count, double low, double high);

/// 0 with the given probability (to 2⁻³²: a mask value takes one word), else 1. Only
/// for Philox generators: large networks need hundreds of millions of mask values, so
/// the words come in bulk.
void cgsl_fill_mask_float(gsl_rng *rng, float *out, size_t count, double zero_probability);
void cgsl_fill_mask_double(gsl_rng *rng, double *out, size_t count, double zero_probability);

#endif
