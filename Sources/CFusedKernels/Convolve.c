#include "Frame.h"
#include "Team.h"

// Convolutions with stride 1 and "same" padding on maps in blocks of 8 channels, for machines with 16 vector registers
// of 8 lanes (AVX2). On one thread of a Zen 3, with their maps in the cache, they run at 80 to 99 % of the peak rate of
// multiply-adds; oneDNN 2.6 reached 65 % with filter gradients there. `measure-convolutions` times them within a layer.
//
// Forward: sums for two blocks of outputs and up to six pixels stay in registers, 12 of the 16. A number of x serves
// two multiply-adds and a vector of the filter six, so the loop is bound by multiply-adds and not by loads. With at
// least eight sums the next multiply-add never waits for the last one.
//
// Gradient of the filter: sums for two blocks of outputs and six inputs stay in registers while the pixels pass by, tap
// by tap of the filter. Two blocks of inputs make 6 + 6 + 4.
//
// The borders that 3×3 filters read are there: images are framed by zeros (Frame.h).

enum { BLOCK = 8, MOST_PIXELS = 6 };
/// Pixels that the gradient works on together: their maps stay in the first-level cache.
enum { STRIP = 256 };

typedef float vector __attribute__((vector_size(32), aligned(4), may_alias));
#define LOAD(pointer) (*(const vector *)(pointer))
#define STORE(pointer, value) (*(vector *)(pointer) = (value))
#define UNROLLED _Pragma("clang loop unroll(full)")

int fk_has_convolutions(void) {
#if defined(__x86_64__)
    // The level that the clones below were compiled for.
    return __builtin_cpu_supports("x86-64-v3");
#else
    return 0;
#endif
}

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

/// What is still to be fetched, and how much of it during one tile.
struct fetching {
    fk_ahead ahead;
    int map;
    int64_t step;
};

enum { LINE = 64 / sizeof(float), AHEAD = sizeof((fk_ahead){0}.maps) / sizeof(float *) };

FK_INLINE struct fetching fetching_of(fk_convolution shape, fk_ahead ahead) {
    const int64_t pixels = shape.samples * shape.height * shape.width;
    const int64_t tiles = (pixels + MOST_PIXELS - 1) / MOST_PIXELS * ((shape.output_blocks + 1) / 2);
    int64_t count = 0;
    for (int map = 0; map < AHEAD; ++map) count += ahead.counts[map];
    return (struct fetching){.ahead = ahead, .step = (count / LINE + tiles) / tiles * LINE};
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

/// A row of outputs, in tiles of six pixels and, so that none is left with few, of four.
FK_INLINE void add_row(
    struct image x, int64_t input_blocks, const int kernel, const float *filter, struct target target,
    int64_t width, const int outputs, struct fetching *fetching
) {
#define TILE(pixels) add_tile(x, input_blocks, kernel, filter, target, outputs, pixels)
    for (int64_t pixel = 0; pixel < width;) {
        const int64_t left = width - pixel;
        fetch_some(fetching);
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

static FK_CLONES void convolve(
    fk_convolution shape, const float *x, const float *filter, struct target target, fk_ahead ahead
) {
    const struct fk_framing frame = fk_framing_of(shape);
    struct fetching fetching = fetching_of(shape, ahead);
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

void fk_convolve(
    fk_convolution shape, const float *x, const float *filter, const float *terms, float factor, float *y,
    fk_ahead ahead
) {
    const struct target target = {
        .y = y, .terms = terms, .factor = factor, .plane = shape.height * shape.width * BLOCK};
    convolve(shape, x, filter, target, ahead);
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

static FK_CLONES void add_filter_gradient(
    fk_convolution shape, const float *x, const float *cotangent, int is_first, float *filter
) {
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

void fk_add_filter_gradient(
    fk_convolution shape, const float *x, const float *cotangent, int is_first, float *filter
) {
    add_filter_gradient(shape, x, cotangent, is_first, filter);
}
