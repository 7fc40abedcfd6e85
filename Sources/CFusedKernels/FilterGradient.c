#include "CFusedKernels.h"
#include "Team.h"

// The gradient of 3×3 filters on maps in blocks of 8 channels, for machines with 16 vector registers of 8 lanes
// (AVX2), where it runs at some 80 % of the peak and oneDNN 2.6 at 65 % (Zen 3, one thread).
//
// A row of x meets the row of the cotangent that a row of the filter shifts it to. Sums for three columns of the
// filter times two or three inputs stay in registers, each a vector of 8 outputs. So do three neighbouring pixels of
// the cotangent, one for every column of the filter: a pixel of the cotangent is fetched once, a number of x once for
// three multiply-adds, and the loop is bound by the rate of multiply-adds and not by that of loads. With four inputs at
// a time it would need 17 registers.

enum { BLOCK = 8, GROUP = 3, KERNEL = 3 };
/// Pixels that are worked on together: their maps stay in the first-level cache.
enum { STRIP = 256 };

typedef float vector __attribute__((vector_size(32), aligned(4), may_alias));
#define LOAD(pointer) (*(const vector *)(pointer))
#define STORE(pointer, value) (*(vector *)(pointer) = (value))

/// What one pixel of x adds: with each of three neighbouring pixels of the cotangent, one for every column of the
/// filter.
#define ADD_PIXEL(x, before, here, after)                     \
    _Pragma("clang loop unroll(full)")                        \
    for (int input = 0; input < count; ++input) {             \
        sums[0][input] += (x)[input] * (after);               \
        sums[1][input] += (x)[input] * (here);                \
        sums[2][input] += (x)[input] * (before);              \
    }

/// Adds the products of one row of the cotangent with the row of x that a row of the filter shifts it to. x begins
/// at the inputs concerned. Pixels beyond the ends of the row count as zero.
FK_INLINE void add_row(
    const float *x, const float *c, int64_t width, const int count, vector sums[KERNEL][GROUP]) {
    vector before = {0}, here = LOAD(c), after;
    int64_t pixel = 0;
    for (; pixel + KERNEL < width; pixel += KERNEL) {
        // Three pixels, so that the window moves on by renaming.
        after = LOAD(c + (pixel + 1) * BLOCK);
        ADD_PIXEL(x + pixel * BLOCK, before, here, after)
        before = LOAD(c + (pixel + 2) * BLOCK);
        ADD_PIXEL(x + (pixel + 1) * BLOCK, here, after, before)
        here = LOAD(c + (pixel + 3) * BLOCK);
        ADD_PIXEL(x + (pixel + 2) * BLOCK, after, before, here)
        // before is two pixels, here three beyond the first: they stand where they stood.
    }
    for (; pixel < width; ++pixel) {
        after = pixel + 1 < width ? LOAD(c + (pixel + 1) * BLOCK) : (vector){0};
        ADD_PIXEL(x + pixel * BLOCK, before, here, after)
        before = here;
        here = after;
    }
}

/// Some rows of some samples.
struct strip {
    int64_t samples, sample_stride_x, sample_stride_c;
    int64_t first_row, rows, height, width;
};

/// One row of the filter for one block of outputs and `count` inputs.
FK_INLINE void add_strip(
    const struct strip *strip, const float *x, const float *c, int shift, const int count, float *filter
) {
    vector sums[KERNEL][GROUP];
    _Pragma("clang loop unroll(full)")
    for (int column = 0; column < KERNEL; ++column) {
        _Pragma("clang loop unroll(full)")
        for (int input = 0; input < count; ++input)
            sums[column][input] = LOAD(filter + (column * BLOCK + input) * BLOCK);
    }
    const int64_t line = strip->width * BLOCK;
    for (int64_t sample = 0; sample < strip->samples; ++sample) {
        for (int64_t row = strip->first_row; row < strip->first_row + strip->rows; ++row) {
            if (row + shift < 0 || row + shift >= strip->height) continue;
            add_row(
                x + sample * strip->sample_stride_x + (row + shift) * line,
                c + sample * strip->sample_stride_c + row * line, strip->width, count, sums);
        }
    }
    _Pragma("clang loop unroll(full)")
    for (int column = 0; column < KERNEL; ++column) {
        _Pragma("clang loop unroll(full)")
        for (int input = 0; input < count; ++input)
            STORE(filter + (column * BLOCK + input) * BLOCK, sums[column][input]);
    }
}

static FK_CLONES void add_blocks(
    const struct strip *strip, const float *x, const float *c, int64_t input_blocks, int64_t output_blocks,
    float *filter
) {
    const int64_t plane = strip->height * strip->width * BLOCK, window = KERNEL * BLOCK * BLOCK;
    for (int64_t output = 0; output < output_blocks; ++output) {
        for (int64_t input = 0; input < input_blocks; ++input) {
            float *block = filter + (output * input_blocks + input) * KERNEL * window;
            for (int row = 0; row < KERNEL; ++row) {
                const float *from = x + input * plane, *by = c + output * plane;
                float *sums = block + row * window;
                add_strip(strip, from, by, row - 1, 3, sums);
                add_strip(strip, from + 3, by, row - 1, 3, sums + 3 * BLOCK);
                add_strip(strip, from + 6, by, row - 1, 2, sums + 6 * BLOCK);
            }
        }
    }
}

int fk_has_filter_gradient(void) {
#if defined(__x86_64__)
    // The level that the clone was compiled for.
    return __builtin_cpu_supports("x86-64-v3");
#else
    return 0;
#endif
}

void fk_add_filter_gradient(
    int64_t samples, int64_t input_channels, int64_t output_channels, int64_t height, int64_t width,
    const float *x, const float *cotangent, float *filter
) {
    const int64_t input_blocks = input_channels / BLOCK, output_blocks = output_channels / BLOCK;
    const int64_t area = height * width * BLOCK;
    struct strip strip = {
        .sample_stride_x = input_blocks * area, .sample_stride_c = output_blocks * area, .height = height,
        .width = width};
    int64_t rows = STRIP / width > 0 ? STRIP / width : 1;
    if (rows > height) rows = height;
    const int64_t together = rows == height && STRIP / (height * width) > 1 ? STRIP / (height * width) : 1;
    for (int64_t sample = 0; sample < samples; sample += together) {
        strip.samples = samples - sample < together ? samples - sample : together;
        for (int64_t row = 0; row < height; row += rows) {
            strip.first_row = row;
            strip.rows = height - row < rows ? height - row : rows;
            add_blocks(
                &strip, x + sample * strip.sample_stride_x, cotangent + sample * strip.sample_stride_c,
                input_blocks, output_blocks, filter);
        }
    }
}

void fk_plain_filter_of_blocks(
    int64_t input_channels, int64_t output_channels, const float *filter, float *result
) {
    const int64_t input_blocks = (input_channels + BLOCK - 1) / BLOCK, window = KERNEL * KERNEL;
    for (int64_t output = 0; output < output_channels; ++output) {
        for (int64_t input = 0; input < input_channels; ++input) {
            const int64_t block = output / BLOCK * input_blocks + input / BLOCK;
            for (int64_t tap = 0; tap < window; ++tap) {
                result[(output * input_channels + input) * window + tap] =
                    filter[((block * window + tap) * BLOCK + input % BLOCK) * BLOCK + output % BLOCK];
            }
        }
    }
}
