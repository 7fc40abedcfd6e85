// For 32 registers of 16 lanes (AVX-512).

#define BLOCK 16
#define MOST_OF_ONE 16
#define MOST_OF_TWO 12
#define LOOPS FK_LEVEL("x86-64-v4")
#define CONVOLVE fk_convolve_blocks_of_16
#define ADD_FILTER_GRADIENT fk_add_filter_gradient_blocks_of_16

#include "ConvolutionLoops.h"
