// The loops of the convolutions for maps in blocks of one size, included by a file for each size. That file defines
// BLOCK, the channels of a block and lanes of a vector; MOST_OF_ONE and MOST_OF_TWO, the most pixels whose outputs are
// summed at a time where they are of one block and of two; LOOPS, the attribute that names the instruction set; and
// CONVOLVE and ADD_FILTER_GRADIENT, the names of the two functions.
//
// Forward: sums for one or two blocks of outputs and some neighbouring pixels stay in registers. With two blocks a
// number of x serves two multiply-adds, and a vector of the filter serves all pixels, so the loop is bound by
// multiply-adds and not by loads. With at least eight sums the next multiply-add never waits for the last one.
//
// Gradient of the filter: sums for one or two blocks of outputs and some inputs stay in registers while the pixels pass
// by, tap by tap of the filter.
//
// Taps of the filter that fall outside of the image are left out: one in six of an image of 8×8 pixels.

#include <stddef.h>

#include "Convolution.h"
#include "Team.h"

/// Pixels that the gradient works on together: their maps stay in the first-level cache.
enum { STRIP = 2048 / BLOCK };

typedef float vector __attribute__((vector_size(BLOCK * sizeof(float)), aligned(4), may_alias));
#define LOAD(pointer) (*(const vector *)(pointer))
#define STORE(pointer, value) (*(vector *)(pointer) = (value))
#define UNROLLED _Pragma("clang loop unroll(full)")

/// One sample as the loops read it: where its first pixel is, and the way from one row, and from one block of channels,
/// to the next.
struct image {
    const float *start;
    int64_t line, plane;
};

/// Rows and pixels of a row. A filter that looks at no neighbours takes all pixels as one row.
struct extent {
    int64_t rows, width;
};

FK_INLINE struct extent extent_of(fk_convolution shape) {
    const int64_t pixels = shape.height * shape.width;
    return shape.kernel == 1 ? (struct extent){1, pixels} : (struct extent){shape.height, shape.width};
}

FK_INLINE struct image image_of(struct extent extent, const float *map, int64_t sample, int64_t blocks) {
    const int64_t line = extent.width * BLOCK, plane = extent.rows * line;
    return (struct image){.start = map + sample * blocks * plane, .line = line, .plane = plane};
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

/// Filters of one or two blocks of outputs, `other` apart.
struct filters {
    const float *taps;
    int64_t input_blocks, other;
};

/// Numbers of one tap, for a block of outputs and one of inputs.
enum { TAP = BLOCK * BLOCK };
/// Floats of a cache line, and maps to fetch from.
enum { LINE = 64 / sizeof(float), AHEAD = sizeof((fk_ahead){0}.maps) / sizeof(float *) };
/// Inputs of a block that are worked on between two fetches.
enum { GROUP = 8, GROUPS = BLOCK / GROUP };

/// What is still to be fetched, and how much of it at a time: requests that come in bursts hold up the loads.
struct fetching {
    const float *next, *end;
    int64_t step;
    fk_ahead ahead;
    int map;
};

/// Into the second-level cache; the first is at work.
FK_INLINE void fetch_some(struct fetching *fetching) {
    for (int64_t at = 0; at < fetching->step; at += LINE, fetching->next += LINE) {
        while (fetching->next >= fetching->end) {
            if (fetching->map == AHEAD) return;
            fetching->next = fetching->ahead.maps[fetching->map];
            fetching->end = fetching->next + fetching->ahead.counts[fetching->map];
            ++fetching->map;
        }
        __builtin_prefetch(fetching->next, 0, 2);
    }
}

/// What one tap of the filter adds to the sums of the pixels begin ..< end of a tile.
FK_INLINE void add_tap(
    vector sums[2][MOST_OF_ONE], const float *x, const float *taps, int64_t other, const int outputs, const int begin,
    const int end, struct fetching *fetching
) {
    _Pragma("clang loop unroll(disable)")
    for (int group = 0; group < GROUPS; ++group, x += GROUP, taps += GROUP * BLOCK) {
        fetch_some(fetching);
        UNROLLED
        for (int input = 0; input < GROUP; ++input) {
            const vector first = LOAD(taps + input * BLOCK);
            const vector second = outputs > 1 ? LOAD(taps + other + input * BLOCK) : first;
            UNROLLED
            for (int pixel = begin; pixel < end; ++pixel) {
                const float number = x[pixel * BLOCK + input];
                sums[0][pixel] += first * number;
                if (outputs > 1) sums[1][pixel] += second * number;
            }
        }
    }
}

/// Neighbouring outputs of one row, of one or two blocks, and what they are computed from.
struct tile {
    /// Begins at the first of them.
    struct image x;
    struct filters filters;
    /// The side of the filter, and which of its rows meet the image.
    int kernel, first_row, end_row;
    /// Whether the filter's first column misses the image at the first pixel, and its last at the last.
    int misses_first, misses_last;
    struct target target;
};

FK_INLINE void add_tile(
    const struct tile *tile, const int kernel, const int outputs, const int pixels, struct fetching *fetching
) {
    const struct target target = tile->target;
    const int64_t other = tile->filters.other;
    vector sums[2][MOST_OF_ONE];
    UNROLLED
    for (int output = 0; output < outputs; ++output) {
        UNROLLED
        for (int pixel = 0; pixel < pixels; ++pixel) {
            const int64_t at = output * target.plane + pixel * BLOCK;
            sums[output][pixel] = target.terms ? target.factor * LOAD(target.terms + at) : (vector){0};
        }
    }
    const float *plane = tile->x.start, *window = tile->filters.taps;
    for (int64_t block = 0; block < tile->filters.input_blocks; ++block) {
        if (kernel == 1) {
            add_tap(sums, plane, window, other, outputs, 0, pixels, fetching);
        } else {
            for (int row = tile->first_row; row < tile->end_row; ++row) {
                const float *x = plane + (row - 1) * tile->x.line, *taps = window + row * kernel * TAP;
                if (tile->misses_first) add_tap(sums, x - BLOCK, taps, other, outputs, 1, pixels, fetching);
                else add_tap(sums, x - BLOCK, taps, other, outputs, 0, pixels, fetching);
                add_tap(sums, x, taps + TAP, other, outputs, 0, pixels, fetching);
                taps += 2 * TAP;
                if (tile->misses_last) add_tap(sums, x + BLOCK, taps, other, outputs, 0, pixels - 1, fetching);
                else add_tap(sums, x + BLOCK, taps, other, outputs, 0, pixels, fetching);
            }
        }
        plane += tile->x.plane;
        window += kernel * kernel * TAP;
    }
    UNROLLED
    for (int output = 0; output < outputs; ++output) {
        UNROLLED
        for (int pixel = 0; pixel < pixels; ++pixel) {
            STORE(target.y + output * target.plane + pixel * BLOCK, sums[output][pixel]);
        }
    }
}

/// So many tiles of a row, one after another; returns the one behind them. They may end the row.
FK_INLINE struct tile add_tiles(
    struct tile tile, int64_t count, int ends_row, const int kernel, const int outputs, const int pixels,
    struct fetching *fetching
) {
    for (; count > 0; --count) {
        tile.misses_last = ends_row && count == 1;
        add_tile(&tile, kernel, outputs, pixels, fetching);
        tile.misses_first = 0;
        tile.x.start += pixels * BLOCK;
        tile.target = at_place(tile.target, pixels * BLOCK);
    }
    return tile;
}

// A function for every size of a tile: all in one, they take the compiler a minute.
#define DEFINE_TILE(outputs, pixels) \
    static LOOPS void tile_##outputs##_##pixels( \
        struct tile *tile, int64_t count, int ends_row, struct fetching *fetching \
    ) { \
        *tile = tile->kernel == 1 ? add_tiles(*tile, count, ends_row, 1, outputs, pixels, fetching) \
                                  : add_tiles(*tile, count, ends_row, 3, outputs, pixels, fetching); \
    }
#define NAME_TILE(outputs, pixels) tile_##outputs##_##pixels,
#define UP_TO_6(DO, outputs) DO(outputs, 1) DO(outputs, 2) DO(outputs, 3) DO(outputs, 4) DO(outputs, 5) DO(outputs, 6)
#define UP_TO_8(DO, outputs) UP_TO_6(DO, outputs) DO(outputs, 7) DO(outputs, 8)
#define UP_TO_12(DO, outputs) UP_TO_8(DO, outputs) DO(outputs, 9) DO(outputs, 10) DO(outputs, 11) DO(outputs, 12)
#define UP_TO_16(DO, outputs) UP_TO_12(DO, outputs) DO(outputs, 13) DO(outputs, 14) DO(outputs, 15) DO(outputs, 16)
#define UP_TO(most) UP_TO_(most)
#define UP_TO_(most) UP_TO_##most

UP_TO(MOST_OF_ONE)(DEFINE_TILE, 1)
UP_TO(MOST_OF_TWO)(DEFINE_TILE, 2)

/// For one block of outputs and for two, by the number of pixels.
static void (*const tile_functions[2][MOST_OF_ONE + 1])(struct tile *, int64_t, int, struct fetching *) = {
    {NULL, UP_TO(MOST_OF_ONE)(NAME_TILE, 1)}, {NULL, UP_TO(MOST_OF_TWO)(NAME_TILE, 2)}};

/// Tiles that a row is cut into.
FK_INLINE int64_t tiles_of(int64_t width, const int outputs) {
    const int most = outputs > 1 ? MOST_OF_TWO : MOST_OF_ONE;
    return (width + most - 1) / most;
}

FK_INLINE struct fetching fetching_of(fk_convolution shape, fk_ahead ahead) {
    const struct extent extent = extent_of(shape);
    const int64_t tiles = shape.output_blocks / 2 * tiles_of(extent.width, 2)
        + shape.output_blocks % 2 * tiles_of(extent.width, 1);
    // Of all rows together; the first and the last have a row of taps less.
    const int64_t taps = shape.kernel == 1 ? 1 : (3 * extent.rows - 2) * 3;
    const int64_t times = shape.samples * tiles * shape.input_blocks * taps * GROUPS;
    int64_t count = 0;
    for (int map = 0; map < AHEAD; ++map) count += ahead.counts[map];
    return (struct fetching){.ahead = ahead, .step = (count / LINE + times - 1) / times * LINE};
}

/// A row of outputs, in tiles that are as alike as can be, so that none has few pixels. The first one is given.
FK_INLINE void add_row(struct tile tile, int64_t width, const int outputs, struct fetching *fetching) {
    const int64_t tiles = tiles_of(width, outputs), pixels = width / tiles, wider = width % tiles;
    tile.misses_first = 1;
    if (wider > 0) tile_functions[outputs - 1][pixels + 1](&tile, wider, 0, fetching);
    tile_functions[outputs - 1][pixels](&tile, tiles - wider, 1, fetching);
}

FK_INLINE void convolve_sample(
    fk_convolution shape, struct image x, const float *filter, struct target target, struct fetching *fetching
) {
    const int kernel = (int)shape.kernel;
    const int64_t taps = shape.input_blocks * kernel * kernel * TAP;
    const struct extent extent = extent_of(shape);
    for (int64_t block = 0; block < shape.output_blocks; block += 2) {
        struct tile tile = {
            .x = x, .kernel = kernel,
            .filters = {.taps = filter + block * taps, .input_blocks = shape.input_blocks, .other = taps}};
        for (int64_t row = 0; row < extent.rows; ++row, tile.x.start += x.line) {
            tile.first_row = kernel > 1 && row == 0;
            tile.end_row = kernel > 1 && row + 1 == extent.rows ? kernel - 1 : kernel;
            tile.target = at_place(target, block * target.plane + row * x.line);
            add_row(tile, extent.width, block + 1 < shape.output_blocks ? 2 : 1, fetching);
        }
    }
}

LOOPS void CONVOLVE(
    fk_convolution shape, const float *x, const float *filter, const float *terms, float factor, float *y,
    fk_ahead ahead
) {
    const struct extent extent = extent_of(shape);
    struct fetching fetching = fetching_of(shape, ahead);
    const struct target target = {
        .y = y, .terms = terms, .factor = factor, .plane = shape.height * shape.width * BLOCK};
    for (int64_t sample = 0; sample < shape.samples; ++sample) {
        const struct image image = image_of(extent, x, sample, shape.input_blocks);
        const struct target to = at_place(target, sample * shape.output_blocks * target.plane);
        convolve_sample(shape, image, filter, to, &fetching);
    }
}

/// Some pixels of a sample, for one tap of the filter.
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
FK_INLINE void add_inputs(
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

/// A range of rows or columns.
struct range {
    int64_t begin, end;
};

/// The part of a range of pixels whose neighbours at some distance are among the `count` of the image.
FK_INLINE struct range with_neighbours(struct range range, int64_t distance, int64_t count) {
    return (struct range){
        .begin = range.begin < -distance ? -distance : range.begin,
        .end = range.end > count - distance ? count - distance : range.end};
}

/// What some pixels of one sample add to the gradients of all taps.
FK_INLINE void add_pixels(
    fk_convolution shape, const int kernel, struct image x, const float *cotangent, struct range rows,
    struct range columns, int is_first, float *filter
) {
    const struct extent extent = extent_of(shape);
    const int64_t window = kernel * kernel * TAP, other = shape.input_blocks * window;
    const int64_t side = kernel / 2;
    for (int64_t output = 0; output < shape.output_blocks; output += 2, cotangent += 2 * x.plane) {
        for (int64_t input = 0; input < shape.input_blocks; input += 2) {
            const int blocks = input + 1 < shape.input_blocks ? 2 : 1;
            float *taps = filter + output * other + input * window;
            for (int64_t down = -side; down <= side; ++down) {
                const struct range height = with_neighbours(rows, down, extent.rows);
                for (int64_t right = -side; right <= side; ++right, taps += TAP) {
                    const struct range width = with_neighbours(columns, right, extent.width);
                    const int64_t place = height.begin * x.line + width.begin * BLOCK;
                    const struct strip strip = {
                        .cotangent = cotangent + place, .line = x.line, .plane = x.plane,
                        .rows = height.end - height.begin, .width = width.end - width.begin, .is_first = is_first};
                    const float *from = x.start + input * x.plane + place + down * x.line + right * BLOCK;
                    const struct inputs first = {from, taps}, second = {from + x.plane, taps + window};
                    if (output + 1 < shape.output_blocks)
                        add_inputs(strip, first, second, blocks, other, 2);
                    else
                        add_inputs(strip, first, second, blocks, other, 1);
                }
            }
        }
    }
}

LOOPS void ADD_FILTER_GRADIENT(
    fk_convolution shape, const float *x, const float *cotangent, int is_first, float *filter
) {
    const struct extent extent = extent_of(shape);
    const int64_t columns = extent.rows == 1 && extent.width > STRIP ? STRIP : extent.width;
    const int64_t rows = STRIP / extent.width > 1 ? STRIP / extent.width : 1;
    for (int64_t sample = 0; sample < shape.samples; ++sample) {
        const struct image image = image_of(extent, x, sample, shape.input_blocks);
        const float *c = cotangent + sample * shape.output_blocks * image.plane;
        for (int64_t row = 0; row < extent.rows; row += rows) {
            const struct range height = {row, extent.rows - row < rows ? extent.rows : row + rows};
            for (int64_t column = 0; column < extent.width; column += columns) {
                const struct range width = {
                    column, extent.width - column < columns ? extent.width : column + columns};
                const int begins = is_first && sample == 0 && row == 0 && column == 0;
                if (shape.kernel == 1) add_pixels(shape, 1, image, c, height, width, begins, filter);
                else add_pixels(shape, 3, image, c, height, width, begins, filter);
            }
        }
    }
}
