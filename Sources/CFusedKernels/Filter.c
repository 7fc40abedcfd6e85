#include <string.h>

#include "CFusedKernels.h"

void fk_pad_filter(
    int64_t rows, int64_t columns, int64_t area, const float *filter, int64_t padded_rows,
    int64_t padded_columns, float *result
) {
    memset(result, 0, padded_rows * padded_columns * area * sizeof(float));
    for (int64_t row = 0; row < rows; ++row) {
        memcpy(
            result + row * padded_columns * area, filter + row * columns * area,
            columns * area * sizeof(float));
    }
}

void fk_transpose_filter(
    int64_t rows, int64_t columns, int64_t area, const float *filter, int64_t padded_rows,
    int64_t padded_columns, float *result
) {
    if (padded_rows != columns || padded_columns != rows)
        memset(result, 0, padded_rows * padded_columns * area * sizeof(float));
    for (int64_t column = 0; column < columns; ++column) {
        for (int64_t row = 0; row < rows; ++row) {
            const float *window = filter + (row * columns + column) * area;
            float *turned = result + (column * padded_columns + row) * area;
            for (int64_t tap = 0; tap < area; ++tap) turned[tap] = window[area - 1 - tap];
        }
    }
}

enum { BLOCK = 8 };

/// Where the blocks hold tap 0 of an output and an input, and the way from one tap to the next.
static int64_t place(int64_t output, int64_t input, int64_t inputs, int64_t area) {
    const int64_t block = output / BLOCK * ((inputs + BLOCK - 1) / BLOCK) + input / BLOCK;
    return (block * area * BLOCK + input % BLOCK) * BLOCK + output % BLOCK;
}
enum { TAP = BLOCK * BLOCK };

static int64_t blocks_count(int64_t outputs, int64_t inputs, int64_t area) {
    return (outputs + BLOCK - 1) / BLOCK * ((inputs + BLOCK - 1) / BLOCK) * area * TAP;
}

void fk_blocks_of_filter(
    int64_t outputs, int64_t inputs, int64_t kernel, const float *filter, float *result
) {
    const int64_t area = kernel * kernel;
    if (outputs % BLOCK || inputs % BLOCK)
        memset(result, 0, blocks_count(outputs, inputs, area) * sizeof(float));
    for (int64_t output = 0; output < outputs; ++output) {
        for (int64_t input = 0; input < inputs; ++input, filter += area) {
            float *to = result + place(output, input, inputs, area);
            for (int64_t tap = 0; tap < area; ++tap) to[tap * TAP] = filter[tap];
        }
    }
}

void fk_blocks_of_transposed_filter(
    int64_t outputs, int64_t inputs, int64_t kernel, const float *filter, float *result
) {
    const int64_t area = kernel * kernel;
    if (outputs % BLOCK || inputs % BLOCK)
        memset(result, 0, blocks_count(inputs, outputs, area) * sizeof(float));
    for (int64_t output = 0; output < outputs; ++output) {
        for (int64_t input = 0; input < inputs; ++input, filter += area) {
            float *to = result + place(input, output, outputs, area);
            for (int64_t tap = 0; tap < area; ++tap) to[tap * TAP] = filter[area - 1 - tap];
        }
    }
}

void fk_filter_of_blocks(
    int64_t outputs, int64_t inputs, int64_t kernel, const float *blocks, float *result
) {
    const int64_t area = kernel * kernel;
    for (int64_t output = 0; output < outputs; ++output) {
        for (int64_t input = 0; input < inputs; ++input, result += area) {
            const float *from = blocks + place(output, input, inputs, area);
            for (int64_t tap = 0; tap < area; ++tap) result[tap] = from[tap * TAP];
        }
    }
}
