#ifndef C_IMAGE_WRITING_H
#define C_IMAGE_WRITING_H

#include <stddef.h>
#include <stdint.h>

/// How a JPEG file is encoded.
typedef struct {
    int quality;
    int is_progressive;
    int is_arithmetic;
    /// Colour at half the resolution, both ways.
    int is_subsampled;
    /// Blocks between two restart markers; 0 for none.
    int restart_interval;
} cw_jpeg_options;

/// Encodes interleaved 8-bit pixels: 1 (grey), 3 (RGB) or 4 channels (RGBA for PNG, CMYK for JPEG) row by row. Both
/// return the bytes written to `file`, 0 if they do not fit or cannot be encoded.
size_t cw_png(const uint8_t *pixels, int width, int height, int channels, uint8_t *file, size_t capacity);
size_t cw_jpeg(
    const uint8_t *pixels, int width, int height, int channels, cw_jpeg_options options, uint8_t *file,
    size_t capacity);

#endif
