#ifndef FK_FRAME_H
#define FK_FRAME_H

#include <string.h>

#include "CFusedKernels.h"
#include "Team.h"

/// Floats of a pixel.
#define FK_PIXEL 8

/// Where the rows of a plane (one sample, one block of 8 channels) are in a framed map. A filter that looks at no
/// neighbours needs no frame, and all its pixels are one row.
struct fk_framing {
    int64_t rows;
    /// Pixels of a row.
    int64_t width;
    /// Floats from the plane's beginning to its first pixel, from one row to the next, and from one plane to the next.
    int64_t start, line, plane;
};

FK_INLINE struct fk_framing fk_framing_of(fk_convolution shape) {
    if (shape.kernel == 1) {
        const int64_t width = shape.height * shape.width;
        return (struct fk_framing){.rows = 1, .width = width, .line = width * FK_PIXEL, .plane = width * FK_PIXEL};
    }
    const int64_t line = (shape.width + 2) * FK_PIXEL;
    return (struct fk_framing){
        .rows = shape.height, .width = shape.width, .start = line + FK_PIXEL, .line = line,
        .plane = (shape.height + 2) * line};
}

/// Zeros around the rows of a plane: what ends a row and what begins the next one are two pixels together.
FK_INLINE void fk_clear_frame(struct fk_framing framing, float *plane) {
    if (framing.start == 0) return;
    float *row_end = plane + framing.start - 2 * FK_PIXEL;
    memset(plane, 0, framing.line * sizeof(float));
    for (int64_t row = 0; row <= framing.rows; ++row, row_end += framing.line)
        memset(row_end, 0, 2 * FK_PIXEL * sizeof(float));
    memset(plane + framing.plane - framing.line, 0, framing.line * sizeof(float));
}

#endif
