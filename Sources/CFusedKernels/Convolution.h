#ifndef FK_CONVOLUTION_H
#define FK_CONVOLUTION_H

#include "CFusedKernels.h"

/// Compiles a function for one level of instruction sets; without the width, clang keeps to vectors of 32 bytes.
#if defined(__x86_64__)
#define FK_LEVEL(level) __attribute__((target("arch=" level), min_vector_width(512)))
#else
#define FK_LEVEL(level)
#endif

/// `fk_convolve` and `fk_add_filter_gradient` for blocks of one size.
#define FK_DECLARE_CONVOLUTIONS(block) \
    void fk_convolve_blocks_of_##block( \
        fk_convolution shape, const float *x, const float *filter, const float *terms, float factor, float *y, \
        fk_ahead ahead); \
    void fk_add_filter_gradient_blocks_of_##block( \
        fk_convolution shape, const float *x, const float *cotangent, int is_first, float *filter);

FK_DECLARE_CONVOLUTIONS(8)
FK_DECLARE_CONVOLUTIONS(16)

#endif
