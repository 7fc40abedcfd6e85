#include "Frame.h"

int64_t fk_framed_count(fk_convolution shape, int64_t blocks) {
    return shape.samples * blocks * fk_framing_of(shape).plane;
}

void fk_frame(fk_convolution shape, int64_t blocks, const float *x, float *framed) {
    const struct fk_framing framing = fk_framing_of(shape);
    const int64_t count = framing.width * framing.pixel;
    for (int64_t plane = 0; plane < shape.samples * blocks; ++plane, framed += framing.plane) {
        fk_clear_frame(framing, framed);
        for (int64_t row = 0; row < framing.rows; ++row, x += count)
            memcpy(framed + framing.start + row * framing.line, x, count * sizeof(float));
    }
}
