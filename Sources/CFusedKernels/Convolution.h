#ifndef FK_CONVOLUTION_H
#define FK_CONVOLUTION_H

#include "CFusedKernels.h"

// The convolutions for blocks of one size, each compiled for the instruction set whose vectors are as wide.

#define FK_BLOCKS_OF_8 "x86-64-v3"
#define FK_BLOCKS_OF_16 "x86-64-v4"

/// Compiles a function for one level of instruction sets.
#if defined(__x86_64__)
#define FK_LEVEL(level) __attribute__((target("arch=" level), min_vector_width(512)))
#else
#define FK_LEVEL(level)
#endif

#define FK_DECLARE_CONVOLUTIONS(block) \
    void fk_convolve_blocks_of_##block( \
        fk_convolution shape, const float *x, const float *filter, const float *terms, float factor, float *y, \
        fk_ahead ahead); \
    void fk_add_filter_gradient_blocks_of_##block( \
        fk_convolution shape, const float *x, const float *cotangent, int is_first, float *filter);

FK_DECLARE_CONVOLUTIONS(8)
FK_DECLARE_CONVOLUTIONS(16)

#endif
