#include <string.h>

#include "CFusedKernels.h"
#include "Team.h"

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

enum { BLOCK = 8, TAP = BLOCK * BLOCK };

static int64_t blocks_of(int64_t channels) { return (channels + BLOCK - 1) / BLOCK; }
static int64_t rest(int64_t channels, int64_t block) {
    const int64_t left = channels - block * BLOCK;
    return left < BLOCK ? left : BLOCK;
}

/// Where a plain filter holds the windows of an output and an input.
struct strides {
    int64_t output, input;
};

/// One block of outputs and inputs: the window of every pair, tap by tap.
FK_INLINE void lay_block(
    const float *filter, struct strides strides, int64_t outputs, int64_t inputs, int64_t area, int turned,
    float *to
) {
    if (outputs < BLOCK || inputs < BLOCK) memset(to, 0, area * TAP * sizeof(float));
    for (int64_t tap = 0; tap < area; ++tap, to += TAP) {
        const float *from = filter + (turned ? area - 1 - tap : tap);
        for (int64_t input = 0; input < inputs; ++input, from += strides.input) {
            for (int64_t output = 0; output < outputs; ++output)
                to[input * BLOCK + output] = from[output * strides.output];
        }
    }
}

static void lay_blocks(
    const float *filter, struct strides strides, int64_t outputs, int64_t inputs, int64_t area, int turned,
    float *result
) {
    for (int64_t output = 0; output < blocks_of(outputs); ++output) {
        for (int64_t input = 0; input < blocks_of(inputs); ++input, result += area * TAP) {
            const float *from = filter + BLOCK * (output * strides.output + input * strides.input);
            const int64_t height = rest(outputs, output), width = rest(inputs, input);
            // The numbers of whole blocks and of the usual windows are told to the compiler.
            if (height < BLOCK || width < BLOCK) lay_block(from, strides, height, width, area, turned, result);
            else if (area == 1) lay_block(from, strides, BLOCK, BLOCK, 1, turned, result);
            else if (area == 9) lay_block(from, strides, BLOCK, BLOCK, 9, turned, result);
            else lay_block(from, strides, BLOCK, BLOCK, area, turned, result);
        }
    }
}

void fk_blocks_of_filter(
    int64_t outputs, int64_t inputs, int64_t kernel, const float *filter, float *result
) {
    const int64_t area = kernel * kernel;
    const struct strides strides = {.output = inputs * area, .input = area};
    lay_blocks(filter, strides, outputs, inputs, area, 0, result);
}

void fk_blocks_of_transposed_filter(
    int64_t outputs, int64_t inputs, int64_t kernel, const float *filter, float *result
) {
    const int64_t area = kernel * kernel;
    const struct strides strides = {.output = area, .input = inputs * area};
    lay_blocks(filter, strides, inputs, outputs, area, 1, result);
}

struct summation {
    const float *blocks;
    int64_t count, outputs, inputs, area;
    float *result;
};

/// Some blocks of outputs.
static FK_CLONES void sum_rows(const void *argument, int64_t begin, int64_t end) {
    const struct summation *all = argument;
    const int64_t area = all->area, columns = blocks_of(all->inputs), block = area * TAP;
    const int64_t filter = blocks_of(all->outputs) * columns * block;
    for (int64_t row = begin; row < end; ++row) {
        for (int64_t column = 0; column < columns; ++column) {
            const float *from = all->blocks + (row * columns + column) * block;
            float *to = all->result + BLOCK * (row * all->inputs + column) * area;
            for (int64_t tap = 0; tap < area; ++tap, from += TAP, ++to) {
                float sum[TAP];
                memcpy(sum, from, sizeof sum);
                for (int64_t other = 1; other < all->count; ++other) {
                    for (int at = 0; at < TAP; ++at) sum[at] += from[other * filter + at];
                }
                for (int64_t output = 0; output < rest(all->outputs, row); ++output) {
                    for (int64_t input = 0; input < rest(all->inputs, column); ++input)
                        to[(output * all->inputs + input) * area] = sum[input * BLOCK + output];
                }
            }
        }
    }
}

void fk_filter_of_blocks(
    int64_t outputs, int64_t inputs, int64_t kernel, const float *blocks, int64_t count, float *result,
    int threads
) {
    const struct summation all = {
        .blocks = blocks, .count = count, .outputs = outputs, .inputs = inputs, .area = kernel * kernel,
        .result = result};
    fk_split(sum_rows, &all, blocks_of(outputs), count * outputs * inputs * all.area, threads);
}
