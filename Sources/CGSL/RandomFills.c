#include "RandomFills.h"

#include "Philox.h"

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

// Words below this are a 0; 64 bits, because for probability 1 it is 2³².
static inline uint64_t threshold(double probability) { return (uint64_t)llrint(probability * 0x1p32); }

#define CHUNK 1024

void cgsl_fill_mask_float(gsl_rng *rng, float *out, size_t count, double zero_probability) {
    const uint64_t limit = threshold(zero_probability);
    uint32_t words[CHUNK];
    for (size_t start = 0; start < count; start += CHUNK) {
        const size_t length = count - start < CHUNK ? count - start : CHUNK;
        cgsl_philox_words(rng, words, length);
        for (size_t i = 0; i < length; i++) out[start + i] = words[i] >= limit ? 1.0f : 0.0f;
    }
}

void cgsl_fill_mask_double(gsl_rng *rng, double *out, size_t count, double zero_probability) {
    const uint64_t limit = threshold(zero_probability);
    uint32_t words[CHUNK];
    for (size_t start = 0; start < count; start += CHUNK) {
        const size_t length = count - start < CHUNK ? count - start : CHUNK;
        cgsl_philox_words(rng, words, length);
        for (size_t i = 0; i < length; i++) out[start + i] = words[i] >= limit ? 1.0 : 0.0;
    }
}
