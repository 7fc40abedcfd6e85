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

/// Channels of the larger blocks.
enum { MOST = 16 };

static int64_t blocks_of(int64_t channels, int64_t block) { return (channels + block - 1) / block; }
/// Channels of the block that begins at `first`.
static int64_t held(int64_t channels, int64_t first, int64_t block) {
    return channels - first < block ? channels - first : block;
}

/// Where a plain filter holds the windows of an output and an input.
struct strides {
    int64_t output, input;
};

/// A plain filter that is to be laid out in blocks, turned by half a turn or not.
struct laying {
    const float *filter;
    struct strides strides;
    int64_t outputs, inputs, area, block;
    int turned;
    float *result;
};

/// One block of outputs and inputs: the window of every pair, tap by tap.
FK_INLINE void lay_block(
    const float *filter, struct strides strides, int64_t outputs, int64_t inputs, int64_t area, int64_t turned,
    const int block, float *to
) {
    if (outputs < block || inputs < block) memset(to, 0, area * block * block * sizeof(float));
    for (int64_t tap = 0; tap < area; ++tap, to += block * block) {
        const float *from = filter + (turned ? area - 1 - tap : tap);
        for (int64_t input = 0; input < inputs; ++input, from += strides.input) {
            for (int64_t output = 0; output < outputs; ++output)
                to[input * block + output] = from[output * strides.output];
        }
    }
}

FK_INLINE void lay_rows_of(const struct laying *all, int64_t begin, int64_t end, const int block) {
    const int64_t area = all->area, turned = all->turned;
    const struct strides strides = all->strides;
    float *result = all->result + begin * blocks_of(all->inputs, block) * area * block * block;
    for (int64_t output = begin * block; output < end * block; output += block) {
        for (int64_t input = 0; input < all->inputs; input += block, result += area * block * block) {
            const float *from = all->filter + output * strides.output + input * strides.input;
            const int64_t height = held(all->outputs, output, block), width = held(all->inputs, input, block);
            // The numbers of whole blocks and of the usual windows are told to the compiler.
            if (height < block || width < block)
                lay_block(from, strides, height, width, area, turned, block, result);
            else if (area == 1) lay_block(from, strides, block, block, 1, turned, block, result);
            else if (area == 9) lay_block(from, strides, block, block, 9, turned, block, result);
            else lay_block(from, strides, block, block, area, turned, block, result);
        }
    }
}

/// Some blocks of outputs.
static void lay_rows(const void *argument, int64_t begin, int64_t end) {
    const struct laying *all = argument;
    if (all->block == 8) lay_rows_of(all, begin, end, 8);
    else lay_rows_of(all, begin, end, MOST);
}

static void lay(struct laying all, int threads) {
    fk_split(lay_rows, &all, blocks_of(all.outputs, all.block), all.outputs * all.inputs * all.area, threads);
}

void fk_blocks_of_filter(
    int64_t outputs, int64_t inputs, int64_t kernel, int64_t block, const float *filter, float *result, int threads
) {
    const int64_t area = kernel * kernel;
    const struct laying all = {
        .filter = filter, .strides = {.output = inputs * area, .input = area}, .outputs = outputs,
        .inputs = inputs, .area = area, .block = block, .result = result};
    lay(all, threads);
}

void fk_blocks_of_transposed_filter(
    int64_t outputs, int64_t inputs, int64_t kernel, int64_t block, const float *filter, float *result, int threads
) {
    const int64_t area = kernel * kernel;
    const struct laying all = {
        .filter = filter, .strides = {.output = area, .input = inputs * area}, .outputs = inputs,
        .inputs = outputs, .area = area, .block = block, .turned = 1, .result = result};
    lay(all, threads);
}

struct summation {
    const float *blocks;
    int64_t count, outputs, inputs, area, block;
    float *result;
};

/// Some blocks of outputs, of a size that the compiler knows.
FK_INLINE void sum_rows_of(const struct summation *all, int64_t begin, int64_t end, const int block) {
    const int tap_size = block * block;
    const int64_t area = all->area, columns = blocks_of(all->inputs, block), window = area * tap_size;
    const int64_t filter = blocks_of(all->outputs, block) * columns * window;
    for (int64_t row = begin; row < end; ++row) {
        for (int64_t column = 0; column < columns; ++column) {
            const float *from = all->blocks + (row * columns + column) * window;
            float *to = all->result + block * (row * all->inputs + column) * area;
            for (int64_t tap = 0; tap < area; ++tap, from += tap_size, ++to) {
                float sum[MOST * MOST];
                memcpy(sum, from, tap_size * sizeof(float));
                for (int64_t other = 1; other < all->count; ++other) {
                    for (int at = 0; at < tap_size; ++at) sum[at] += from[other * filter + at];
                }
                for (int64_t output = 0; output < held(all->outputs, row * block, block); ++output) {
                    for (int64_t input = 0; input < held(all->inputs, column * block, block); ++input)
                        to[(output * all->inputs + input) * area] = sum[input * block + output];
                }
            }
        }
    }
}

static FK_CLONES void sum_rows(const void *argument, int64_t begin, int64_t end) {
    const struct summation *all = argument;
    if (all->block == 8) sum_rows_of(all, begin, end, 8);
    else sum_rows_of(all, begin, end, MOST);
}

void fk_filter_of_blocks(
    int64_t outputs, int64_t inputs, int64_t kernel, int64_t block, const float *blocks, int64_t count,
    float *result, int threads
) {
    const struct summation all = {
        .blocks = blocks, .count = count, .outputs = outputs, .inputs = inputs, .area = kernel * kernel,
        .block = block, .result = result};
    fk_split(sum_rows, &all, blocks_of(outputs, block), count * outputs * inputs * all.area, threads);
}
