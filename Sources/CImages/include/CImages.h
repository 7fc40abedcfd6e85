#ifndef C_IMAGES_H
#define C_IMAGES_H

#include <stddef.h>
#include <stdint.h>

/// PNG and JPEG files as 8-bit RGB, by libpng and libjpeg-turbo.
///
/// Samples are taken as they are stored, as those who train networks take them: what a file says of gamma, primaries and
/// profiles changes nothing, and of samples of 16 bits the upper 8 are taken.
///
/// The libraries' own error handling (longjmp) stays inside this shim: every function returns, and says what was wrong.
/// Nothing is allocated in proportion to an extent that a file merely claims before the caller has seen that extent and
/// asked for its pixels.

/// What was found in a file.
typedef struct {
    /// Why there is no image, as the libraries word it; empty where there was no error.
    char reason[200];
    /// Bytes among the segments and scans of a JPEG file that belong to none, and were passed over.
    int64_t stray_bytes;
} ci_finding;

/// Reads the extent that a file claims, from its first bytes; those of the whole file always suffice. Returns 0 on
/// success.
int ci_measure(const uint8_t *file, size_t count, int64_t *width, int64_t *height, ci_finding *finding);

/// Decodes into `pixels`, 3·width·height bytes for the extent that `ci_measure` found: R, G, B, row by row. Grey
/// images give equal bytes, transparent ones lie on white, CMYK is converted as Adobe stores it. Returns 0 on success,
/// when every byte of `pixels` was written; damage that a library would paint over is an error here.
int ci_decode(
    const uint8_t *file, size_t count, int64_t width, int64_t height, uint8_t *pixels, ci_finding *finding);

#endif
