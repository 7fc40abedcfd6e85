#ifndef C_IMAGES_H
#define C_IMAGES_H

#include <stddef.h>
#include <stdint.h>

/// PNG and JPEG files as 8-bit RGB, by libpng's simplified interface and by TurboJPEG.
///
/// The libraries' own error handling (longjmp) stays inside them and inside this shim: every function returns, and
/// says what was wrong. Nothing is allocated in proportion to an extent that a file merely claims before the caller
/// has seen that extent and asked for its pixels.

/// Why there are no pixels, as the libraries word it; empty where there was no error.
typedef struct {
    char text[200];
} ci_reason;

/// Reads the extent that a file claims. Returns 0 on success.
int ci_measure(const uint8_t *file, size_t count, int64_t *width, int64_t *height, ci_reason *reason);

/// Decodes into `pixels`, 3·width·height bytes for the extent that `ci_measure` found: R, G, B, row by row. Grey
/// images give equal bytes, transparent ones lie on white, CMYK is converted as Adobe stores it. Returns 0 on success;
/// damage that a library would paint over is an error here.
int ci_decode(
    const uint8_t *file, size_t count, int64_t width, int64_t height, uint8_t *pixels, ci_reason *reason);

#endif
