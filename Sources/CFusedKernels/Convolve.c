#include <string.h>

#include "CFusedKernels.h"
#include "Team.h"

// Convolutions with stride 1 and "same" padding on maps in blocks of 8 channels, for machines with 16 vector registers
// of 8 lanes (AVX2). Alone on one thread of a Zen 3 they run at 80 to 99 % of the peak rate of multiply-adds; oneDNN 2.6
// reached 65 % with filter gradients there.
//
// Forward: sums for two blocks of outputs and up to six pixels stay in registers, 12 of the 16. A number of x serves
// two multiply-adds and a vector of the filter six, so the loop is bound by multiply-adds and not by loads. With at
// least eight sums the next multiply-add never waits for the last one.
//
// Gradient of the filter: sums for two blocks of outputs and six inputs stay in registers while the pixels pass by, tap
// by tap of the filter. Two blocks of inputs make 6 + 6 + 4.
//
// The borders that 3×3 filters read are there: the image is first copied into one with a frame of zeros, which costs one
// pass within the cache.

enum { BLOCK = 8, MOST_PIXELS = 6 };
/// Pixels that the gradient works on together: their maps stay in the first-level cache.
enum { STRIP = 256 };

typedef float vector __attribute__((vector_size(32), aligned(4), may_alias));
#define LOAD(pointer) (*(const vector *)(pointer))
#define STORE(pointer, value) (*(vector *)(pointer) = (value))
#define UNROLLED _Pragma("clang loop unroll(full)")

/// One sample with its frame: where the window of output (0, 0) begins, and the way from one row, and from one block of
/// channels, to the next.
struct framed {
    const float *start;
    int64_t line, plane;
};

int fk_has_convolutions(void) {
#if defined(__x86_64__)
    // The level that the clones below were compiled for.
    return __builtin_cpu_supports("x86-64-v3");
#else
    return 0;
#endif
}

static int64_t frame_of(fk_convolution shape) { return shape.kernel / 2; }

/// Elements of the framed copy of one sample's map with so many blocks of channels.
static int64_t framed_count(fk_convolution shape, int64_t blocks) {
    const int64_t frame = frame_of(shape);
    return frame == 0 ? 0 : blocks * (shape.height + 2 * frame) * (shape.width + 2 * frame) * BLOCK;
}

int64_t fk_convolution_scratch_count(fk_convolution shape) {
    return framed_count(shape, shape.input_blocks);
}

/// A sample's map with a frame of zeros; the map itself where the filter looks at no neighbours.
static struct framed with_frame(
    fk_convolution shape, const float *x, int64_t blocks, float *scratch
) {
    const int64_t frame = frame_of(shape), row = shape.width * BLOCK;
    if (frame == 0)
        return (struct framed){.start = x, .line = row, .plane = shape.height * row};
    const int64_t line = row + 2 * frame * BLOCK, plane = (shape.height + 2 * frame) * line;
    const int64_t side = frame * BLOCK * sizeof(float);
    for (int64_t block = 0; block < blocks; ++block) {
        float *to = scratch + block * plane;
        memset(to, 0, frame * line * sizeof(float));
        memset(to + (shape.height + frame) * line, 0, frame * line * sizeof(float));
        for (int64_t y = 0; y < shape.height; ++y) {
            float *target = to + (y + frame) * line;
            memset(target, 0, side);
            memcpy(target + frame * BLOCK, x + (block * shape.height + y) * row, row * sizeof(float));
            memset(target + frame * BLOCK + row, 0, side);
        }
    }
    return (struct framed){.start = scratch, .line = line, .plane = plane};
}

/// Where outputs go, and what their sums begin with: terms laid out alike, times a factor; NULL for nothing.
struct target {
    float *y;
    const float *terms;
    float factor;
    int64_t plane;
};

FK_INLINE struct target at_place(struct target target, int64_t offset) {
    target.y += offset;
    if (target.terms) target.terms += offset;
    return target;
}

/// `pixels` neighbouring outputs of one or two blocks. `x` is where the window of the first begins.
FK_INLINE void add_tile(
    struct framed x, int64_t input_blocks, const int kernel, const float *filter, struct target target,
    const int outputs, const int pixels
) {
    vector sums[2][MOST_PIXELS];
    UNROLLED
    for (int output = 0; output < outputs; ++output) {
        UNROLLED
        for (int pixel = 0; pixel < pixels; ++pixel) {
            const int64_t at = output * target.plane + pixel * BLOCK;
            sums[output][pixel] = target.terms ? target.factor * LOAD(target.terms + at) : (vector){0};
        }
    }
    const int64_t other = input_blocks * kernel * kernel * BLOCK * BLOCK;
    const float *taps = filter;
    for (int64_t block = 0; block < input_blocks; ++block) {
        for (int row = 0; row < kernel; ++row) {
            const float *from = x.start + block * x.plane + row * x.line;
            for (int column = 0; column < kernel; ++column, from += BLOCK, taps += BLOCK * BLOCK) {
                UNROLLED
                for (int input = 0; input < BLOCK; ++input) {
                    const vector first = LOAD(taps + input * BLOCK);
                    const vector second = outputs > 1 ? LOAD(taps + other + input * BLOCK) : first;
                    UNROLLED
                    for (int pixel = 0; pixel < pixels; ++pixel) {
                        const float number = from[pixel * BLOCK + input];
                        sums[0][pixel] += first * number;
                        if (outputs > 1) sums[1][pixel] += second * number;
                    }
                }
            }
        }
    }
    UNROLLED
    for (int output = 0; output < outputs; ++output) {
        UNROLLED
        for (int pixel = 0; pixel < pixels; ++pixel) {
            STORE(target.y + output * target.plane + pixel * BLOCK, sums[output][pixel]);
        }
    }
}

/// A row of outputs, in tiles of six pixels and, so that none is left with few, of four.
FK_INLINE void add_row(
    struct framed x, int64_t input_blocks, const int kernel, const float *filter, struct target target,
    int64_t width, const int outputs
) {
#define TILE(pixels) add_tile(x, input_blocks, kernel, filter, target, outputs, pixels)
    for (int64_t pixel = 0; pixel < width;) {
        const int64_t left = width - pixel;
        const int64_t taken = left > MOST_PIXELS + 2 ? MOST_PIXELS : left > MOST_PIXELS ? 4 : left;
        switch (taken) {
        case 1: TILE(1); break;
        case 2: TILE(2); break;
        case 3: TILE(3); break;
        case 4: TILE(4); break;
        case 5: TILE(5); break;
        default: TILE(6); break;
        }
        pixel += taken;
        x.start += taken * BLOCK;
        target = at_place(target, taken * BLOCK);
    }
#undef TILE
}

FK_INLINE void convolve_sample(
    fk_convolution shape, struct framed x, const int kernel, const float *filter, struct target target
) {
    const int64_t taps = shape.input_blocks * kernel * kernel * BLOCK * BLOCK;
    // Without a frame the rows are one.
    const int64_t rows = kernel == 1 ? 1 : shape.height;
    const int64_t width = kernel == 1 ? shape.height * shape.width : shape.width;
    for (int64_t block = 0; block < shape.output_blocks; block += 2) {
        struct framed at = x;
        for (int64_t row = 0; row < rows; ++row, at.start += x.line) {
            const struct target to = at_place(target, block * target.plane + row * width * BLOCK);
            if (block + 1 < shape.output_blocks)
                add_row(at, shape.input_blocks, kernel, filter + block * taps, to, width, 2);
            else
                add_row(at, shape.input_blocks, kernel, filter + block * taps, to, width, 1);
        }
    }
}

static FK_CLONES void convolve(
    fk_convolution shape, const float *x, const float *filter, struct target target, float *scratch
) {
    const int64_t area = shape.height * shape.width * BLOCK;
    for (int64_t sample = 0; sample < shape.samples; ++sample) {
        const struct framed framed =
            with_frame(shape, x + sample * shape.input_blocks * area, shape.input_blocks, scratch);
        const struct target to = at_place(target, sample * shape.output_blocks * area);
        if (shape.kernel == 1)
            convolve_sample(shape, framed, 1, filter, to);
        else
            convolve_sample(shape, framed, 3, filter, to);
    }
}

void fk_convolve(
    fk_convolution shape, const float *x, const float *filter, const float *terms, float factor, float *y,
    float *scratch
) {
    const struct target target = {
        .y = y, .terms = terms, .factor = factor, .plane = shape.height * shape.width * BLOCK};
    convolve(shape, x, filter, target, scratch);
}

/// Some rows of a sample, for one tap of the filter.
struct strip {
    const float *cotangent;
    int64_t x_line, cotangent_line, cotangent_plane, rows, width;
};

/// Neighbouring inputs of one block: where their numbers begin in x and their sums in the filter.
struct inputs {
    const float *x;
    float *filter;
};

/// What a strip adds to the gradients of some inputs of two blocks, in one or two blocks of outputs, `other` apart.
FK_INLINE void add_strip(
    struct strip strip, struct inputs near, const int near_count, struct inputs far, const int far_count,
    int64_t other, const int outputs
) {
    vector sums[2][BLOCK];
    const int inputs = near_count + far_count;
#define SUM(output, input) \
    ((input) < near_count ? near.filter + (output) * other + (input) * BLOCK \
                          : far.filter + (output) * other + ((input) - near_count) * BLOCK)
    UNROLLED
    for (int output = 0; output < outputs; ++output) {
        UNROLLED
        for (int input = 0; input < inputs; ++input) sums[output][input] = LOAD(SUM(output, input));
    }
    for (int64_t row = 0; row < strip.rows; ++row) {
        const float *x = near.x + row * strip.x_line, *y = far.x + row * strip.x_line;
        const float *c = strip.cotangent + row * strip.cotangent_line;
        for (int64_t pixel = 0; pixel < strip.width; ++pixel, x += BLOCK, y += BLOCK, c += BLOCK) {
            const vector first = LOAD(c);
            const vector second = outputs > 1 ? LOAD(c + strip.cotangent_plane) : first;
            UNROLLED
            for (int input = 0; input < inputs; ++input) {
                const float number = input < near_count ? x[input] : y[input - near_count];
                sums[0][input] += first * number;
                if (outputs > 1) sums[1][input] += second * number;
            }
        }
    }
    UNROLLED
    for (int output = 0; output < outputs; ++output) {
        UNROLLED
        for (int input = 0; input < inputs; ++input) STORE(SUM(output, input), sums[output][input]);
    }
#undef SUM
}

FK_INLINE struct inputs after(struct inputs inputs, int count) {
    return (struct inputs){.x = inputs.x + count, .filter = inputs.filter + count * BLOCK};
}

/// One tap of the filter for one or two blocks of inputs, in groups that keep twelve sums, or eight, in registers.
FK_INLINE void add_tap(
    struct strip strip, struct inputs first, struct inputs second, int blocks, int64_t other, const int outputs
) {
    if (outputs == 1) {
        add_strip(strip, first, BLOCK, first, 0, other, 1);
        if (blocks > 1) add_strip(strip, second, BLOCK, second, 0, other, 1);
    } else if (blocks == 1) {
        add_strip(strip, first, 4, first, 0, other, 2);
        add_strip(strip, after(first, 4), 4, first, 0, other, 2);
    } else {
        add_strip(strip, first, 6, first, 0, other, 2);
        add_strip(strip, after(first, 6), 2, second, 4, other, 2);
        add_strip(strip, after(second, 4), 4, second, 0, other, 2);
    }
}

/// Rows of one sample, to the gradients of all taps.
FK_INLINE void add_rows(
    fk_convolution shape, struct framed x, struct strip strip, const float *cotangent, float *filter
) {
    const int64_t window = shape.kernel * shape.kernel * BLOCK * BLOCK, other = shape.input_blocks * window;
    for (int64_t output = 0; output < shape.output_blocks; output += 2) {
        strip.cotangent = cotangent + output * strip.cotangent_plane;
        for (int64_t input = 0; input < shape.input_blocks; input += 2) {
            const int blocks = input + 1 < shape.input_blocks ? 2 : 1;
            float *taps = filter + output * other + input * window;
            for (int64_t row = 0; row < shape.kernel; ++row) {
                const float *from = x.start + input * x.plane + row * x.line;
                for (int64_t column = 0; column < shape.kernel; ++column, taps += BLOCK * BLOCK, from += BLOCK) {
                    const struct inputs first = {from, taps}, second = {from + x.plane, taps + window};
                    if (output + 1 < shape.output_blocks)
                        add_tap(strip, first, second, blocks, other, 2);
                    else
                        add_tap(strip, first, second, blocks, other, 1);
                }
            }
        }
    }
}

static FK_CLONES void add_filter_gradient(
    fk_convolution shape, const float *x, const float *cotangent, float *filter, float *scratch
) {
    const int64_t area = shape.height * shape.width * BLOCK;
    // Without a frame the rows are one, cut into strips along it.
    const int64_t height = shape.kernel == 1 ? 1 : shape.height;
    const int64_t width = shape.kernel == 1 ? shape.height * shape.width : shape.width;
    const int64_t columns = shape.kernel == 1 && width > STRIP ? STRIP : width;
    const int64_t rows = STRIP / width > 1 ? STRIP / width : 1;
    for (int64_t sample = 0; sample < shape.samples; ++sample) {
        const struct framed framed =
            with_frame(shape, x + sample * shape.input_blocks * area, shape.input_blocks, scratch);
        const float *c = cotangent + sample * shape.output_blocks * area;
        for (int64_t row = 0; row < height; row += rows) {
            for (int64_t column = 0; column < width; column += columns) {
                struct framed at = framed;
                at.start += row * framed.line + column * BLOCK;
                const struct strip strip = {
                    .x_line = framed.line, .cotangent_line = width * BLOCK, .cotangent_plane = area,
                    .rows = height - row < rows ? height - row : rows,
                    .width = width - column < columns ? width - column : columns};
                add_rows(shape, at, strip, c + (row * width + column) * BLOCK, filter);
            }
        }
    }
}

void fk_add_filter_gradient(
    fk_convolution shape, const float *x, const float *cotangent, float *filter, float *scratch
) {
    add_filter_gradient(shape, x, cotangent, filter, scratch);
}
