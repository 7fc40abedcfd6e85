#ifndef C_IMAGE_WRITING_H
#define C_IMAGE_WRITING_H

#include <stddef.h>
#include <stdint.h>

/// Encodes interleaved 8-bit pixels: 1 (grey), 3 (RGB) or 4 channels (RGBA for PNG, CMYK for JPEG) row by row. Both
/// return the bytes written to `file`, 0 if they do not fit or cannot be encoded.
size_t cw_png(const uint8_t *pixels, int width, int height, int channels, uint8_t *file, size_t capacity);
size_t cw_jpeg(
    const uint8_t *pixels, int width, int height, int channels, int quality, int progressive, uint8_t *file,
    size_t capacity);

#endif
