// The loops of Convolve.c for maps in blocks of one size, included by a file for each. That file defines BLOCK, the
// channels of a block and lanes of a vector; SUMS, the vectors of sums that stay in registers; and LOOPS, the attribute
// that names the instruction set.
//
// Forward: sums for one or two blocks of outputs and some neighbouring pixels stay in registers. With two blocks a
// number of x serves two multiply-adds, and a vector of the filter serves all pixels, so the loop is bound by
// multiply-adds and not by loads. With at least eight sums the next multiply-add never waits for the last one.
//
// Gradient of the filter: sums for two blocks of outputs and half as many inputs stay in registers while the pixels
// pass by, tap by tap of the filter.
//
// The borders that 3×3 filters read are there: images are framed by zeros (Frame.h).

#include "Convolution.h"
#include "Frame.h"

/// Pixels that the gradient works on together: their maps stay in the first-level cache.
enum { STRIP = 2048 / BLOCK };

typedef float vector __attribute__((vector_size(BLOCK * sizeof(float)), aligned(4), may_alias));
#define LOAD(pointer) (*(const vector *)(pointer))
#define STORE(pointer, value) (*(vector *)(pointer) = (value))
#define UNROLLED _Pragma("clang loop unroll(full)")

/// One sample as the loops read it: where the window of output (0, 0) begins, and the way from one row, and from one
/// block of channels, to the next.
struct image {
    const float *start;
    int64_t line, plane;
};

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
    struct image x, int64_t input_blocks, const int kernel, const float *filter, struct target target,
    const int outputs, const int pixels
) {
    vector sums[2][SUMS];
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

/// Tiles that a row is cut into.
FK_INLINE int64_t tiles_of(int64_t width, const int outputs) {
    const int most = SUMS / outputs;
    return (width + most - 1) / most;
}

/// What is still to be fetched, and how much of it during one tile.
struct fetching {
    fk_ahead ahead;
    int map;
    int64_t step;
};

enum { LINE = 64 / sizeof(float), AHEAD = sizeof((fk_ahead){0}.maps) / sizeof(float *) };

FK_INLINE struct fetching fetching_of(fk_convolution shape, fk_ahead ahead) {
    const struct fk_framing frame = fk_framing_of(shape);
    const int64_t tiles = shape.output_blocks / 2 * tiles_of(frame.width, 2)
        + shape.output_blocks % 2 * tiles_of(frame.width, 1);
    const int64_t times = shape.samples * frame.rows * tiles;
    int64_t count = 0;
    for (int map = 0; map < AHEAD; ++map) count += ahead.counts[map];
    return (struct fetching){.ahead = ahead, .step = (count / LINE + times) / times * LINE};
}

/// Into the second-level cache; the first is at work.
FK_INLINE void fetch_some(struct fetching *fetching) {
    if (fetching->map == AHEAD) return;
    const float *from = fetching->ahead.maps[fetching->map];
    int64_t *left = fetching->ahead.counts + fetching->map;
    const int64_t count = *left < fetching->step ? *left : fetching->step;
    for (int64_t at = 0; at < count; at += LINE) __builtin_prefetch(from + at, 0, 2);
    fetching->ahead.maps[fetching->map] += count;
    *left -= count;
    if (*left == 0) ++fetching->map;
}

/// A row of outputs, in tiles that are as alike as can be, so that none is left with few pixels.
FK_INLINE void add_row(
    struct image x, int64_t input_blocks, const int kernel, const float *filter, struct target target,
    int64_t width, const int outputs, struct fetching *fetching
) {
#define TILE(pixels) \
    case pixels: \
        if (outputs * pixels <= SUMS) add_tile(x, input_blocks, kernel, filter, target, outputs, pixels); \
        break;
    for (int64_t tiles = tiles_of(width, outputs); tiles > 0; --tiles) {
        const int64_t taken = (width + tiles - 1) / tiles;
        fetch_some(fetching);
        switch (taken) {
            TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6) TILE(7) TILE(8) TILE(9) TILE(10) TILE(11) TILE(12)
            TILE(13) TILE(14) TILE(15) TILE(16) TILE(17) TILE(18) TILE(19) TILE(20) TILE(21) TILE(22) TILE(23)
            TILE(24) TILE(25) TILE(26) TILE(27) TILE(28)
        }
        width -= taken;
        x.start += taken * BLOCK;
        target = at_place(target, taken * BLOCK);
    }
#undef TILE
}

FK_INLINE void convolve_sample(
    fk_convolution shape, struct image x, const int kernel, const float *filter, struct target target,
    struct fetching *fetching
) {
    const int64_t taps = shape.input_blocks * kernel * kernel * BLOCK * BLOCK;
    const struct fk_framing frame = fk_framing_of(shape);
    for (int64_t block = 0; block < shape.output_blocks; block += 2) {
        struct image at = x;
        for (int64_t row = 0; row < frame.rows; ++row, at.start += x.line) {
            const struct target to = at_place(target, block * target.plane + row * frame.width * BLOCK);
            if (block + 1 < shape.output_blocks)
                add_row(at, shape.input_blocks, kernel, filter + block * taps, to, frame.width, 2, fetching);
            else
                add_row(at, shape.input_blocks, kernel, filter + block * taps, to, frame.width, 1, fetching);
        }
    }
}

LOOPS void CONVOLVE(
    fk_convolution shape, const float *x, const float *filter, const float *terms, float factor, float *y,
    fk_ahead ahead
) {
    shape.block = BLOCK;
    const struct fk_framing frame = fk_framing_of(shape);
    struct fetching fetching = fetching_of(shape, ahead);
    const struct target target = {
        .y = y, .terms = terms, .factor = factor, .plane = shape.height * shape.width * BLOCK};
    for (int64_t sample = 0; sample < shape.samples; ++sample) {
        const struct image image = {
            .start = x + sample * shape.input_blocks * frame.plane, .line = frame.line, .plane = frame.plane};
        const struct target to = at_place(target, sample * shape.output_blocks * target.plane);
        if (shape.kernel == 1)
            convolve_sample(shape, image, 1, filter, to, &fetching);
        else
            convolve_sample(shape, image, 3, filter, to, &fetching);
    }
}

/// Some rows of a sample, for one tap of the filter.
struct strip {
    const float *cotangent;
    int64_t line, plane, rows, width;
    /// Whether the sums begin here, at zero.
    int is_first;
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
        for (int input = 0; input < inputs; ++input)
            sums[output][input] = strip.is_first ? (vector){0} : LOAD(SUM(output, input));
    }
    for (int64_t row = 0; row < strip.rows; ++row) {
        const float *x = near.x + row * strip.line, *y = far.x + row * strip.line;
        const float *c = strip.cotangent + row * strip.line;
        for (int64_t pixel = 0; pixel < strip.width; ++pixel, x += BLOCK, y += BLOCK, c += BLOCK) {
            const vector first = LOAD(c);
            const vector second = outputs > 1 ? LOAD(c + strip.plane) : first;
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

/// One tap of the filter for one or two blocks of inputs, in groups that keep as many sums in registers as forward, or
/// two thirds of them.
FK_INLINE void add_tap(
    struct strip strip, struct inputs first, struct inputs second, int blocks, int64_t other, const int outputs
) {
    enum { MOST = BLOCK / 4 * 3, HALF = BLOCK / 2, REST = BLOCK - MOST };
    if (outputs == 1) {
        add_strip(strip, first, BLOCK, first, 0, other, 1);
        if (blocks > 1) add_strip(strip, second, BLOCK, second, 0, other, 1);
    } else if (blocks == 1) {
        add_strip(strip, first, HALF, first, 0, other, 2);
        add_strip(strip, after(first, HALF), HALF, first, 0, other, 2);
    } else {
        add_strip(strip, first, MOST, first, 0, other, 2);
        add_strip(strip, after(first, MOST), REST, second, HALF, other, 2);
        add_strip(strip, after(second, HALF), HALF, second, 0, other, 2);
    }
}

/// Rows of one sample, to the gradients of all taps.
FK_INLINE void add_rows(
    fk_convolution shape, struct image x, struct strip strip, float *filter
) {
    const int64_t window = shape.kernel * shape.kernel * BLOCK * BLOCK, other = shape.input_blocks * window;
    for (int64_t output = 0; output < shape.output_blocks; output += 2) {
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
        strip.cotangent += 2 * strip.plane;
    }
}

LOOPS void ADD_FILTER_GRADIENT(
    fk_convolution shape, const float *x, const float *cotangent, int is_first, float *filter
) {
    shape.block = BLOCK;
    const struct fk_framing frame = fk_framing_of(shape);
    const int64_t columns = frame.rows == 1 && frame.width > STRIP ? STRIP : frame.width;
    const int64_t rows = STRIP / frame.width > 1 ? STRIP / frame.width : 1;
    for (int64_t sample = 0; sample < shape.samples; ++sample) {
        const struct image image = {
            .start = x + sample * shape.input_blocks * frame.plane, .line = frame.line, .plane = frame.plane};
        const float *c = cotangent + sample * shape.output_blocks * frame.plane + frame.start;
        for (int64_t row = 0; row < frame.rows; row += rows) {
            for (int64_t column = 0; column < frame.width; column += columns) {
                const int64_t place = row * frame.line + column * BLOCK;
                struct image at = image;
                at.start += place;
                const struct strip strip = {
                    .cotangent = c + place, .line = frame.line, .plane = frame.plane,
                    .rows = frame.rows - row < rows ? frame.rows - row : rows,
                    .width = frame.width - column < columns ? frame.width - column : columns,
                    .is_first = is_first && sample == 0 && place == 0};
                add_rows(shape, at, strip, filter);
            }
        }
    }
}
