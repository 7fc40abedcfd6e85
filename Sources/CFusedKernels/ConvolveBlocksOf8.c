// For 16 registers of 8 lanes (AVX2).

#define BLOCK 8
#define MOST_OF_ONE 8
#define MOST_OF_TWO 6
#define LOOPS FK_LEVEL("x86-64-v3")
#define CONVOLVE fk_convolve_blocks_of_8
#define ADD_FILTER_GRADIENT fk_add_filter_gradient_blocks_of_8

#include "ConvolutionLoops.h"
