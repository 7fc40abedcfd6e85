#include "Convolution.h"

// Convolutions with stride 1 and "same" padding, for machines whose vectors hold a block of channels. On one thread of
// a Zen 4, with their maps in the cache, those of the CIFAR networks run at 91 to 99 % of the peak rate of
// multiply-adds, the ones that fall outside of the image counted too. `measure-convolutions` times them within a layer.

int fk_has_convolutions(int64_t block) {
#if defined(__x86_64__)
    // The levels that the loops were compiled for.
    if (block == 8) return __builtin_cpu_supports("x86-64-v3");
    if (block == 16) return __builtin_cpu_supports("x86-64-v4");
#endif
    (void)block;
    return 0;
}

void fk_convolve(
    fk_convolution shape, const float *x, const float *filter, const float *terms, float factor, float *y,
    fk_ahead ahead
) {
    if (shape.block == 8)
        fk_convolve_blocks_of_8(shape, x, filter, terms, factor, y, ahead);
    else
        fk_convolve_blocks_of_16(shape, x, filter, terms, factor, y, ahead);
}

void fk_add_filter_gradient(
    fk_convolution shape, const float *x, const float *cotangent, int is_first, float *filter
) {
    if (shape.block == 8)
        fk_add_filter_gradient_blocks_of_8(shape, x, cotangent, is_first, filter);
    else
        fk_add_filter_gradient_blocks_of_16(shape, x, cotangent, is_first, filter);
}
