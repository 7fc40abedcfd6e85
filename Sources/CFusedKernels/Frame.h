#ifndef FK_FRAME_H
#define FK_FRAME_H

#include <string.h>

#include "CFusedKernels.h"
#include "Team.h"

/// Where the rows of a plane (one sample, one block of channels) are in a framed map. A filter that looks at no
/// neighbours needs no frame, and all its pixels are one row.
struct fk_framing {
    int64_t rows;
    /// Pixels of a row.
    int64_t width;
    /// Floats of a pixel.
    int64_t pixel;
    /// Floats from the plane's beginning to its first pixel, from one row to the next, and from one plane to the next.
    int64_t start, line, plane;
};

FK_INLINE struct fk_framing fk_framing_of(fk_convolution shape) {
    if (shape.kernel == 1) {
        const int64_t width = shape.height * shape.width, line = width * shape.block;
        return (struct fk_framing){
            .rows = 1, .width = width, .pixel = shape.block, .line = line, .plane = line};
    }
    const int64_t line = (shape.width + 2) * shape.block;
    return (struct fk_framing){
        .rows = shape.height, .width = shape.width, .pixel = shape.block, .start = line + shape.block,
        .line = line, .plane = (shape.height + 2) * line};
}

/// Zeros around the rows of a plane: what ends a row and what begins the next one are two pixels together.
FK_INLINE void fk_clear_frame(struct fk_framing framing, float *plane) {
    if (framing.start == 0) return;
    const int64_t border = 2 * framing.pixel;
    float *row_end = plane + framing.start - border;
    memset(plane, 0, framing.line * sizeof(float));
    for (int64_t row = 0; row <= framing.rows; ++row, row_end += framing.line)
        memset(row_end, 0, border * sizeof(float));
    memset(plane + framing.plane - framing.line, 0, framing.line * sizeof(float));
}

#endif
