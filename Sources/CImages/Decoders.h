#ifndef C_IMAGES_DECODERS_H
#define C_IMAGES_DECODERS_H

#include <stdio.h>
#include <string.h>

#include "CImages.h"

/// Notes what was wrong, and returns the status of a failure.
static inline int ci_fail(ci_finding *finding, const char *text) {
    snprintf(finding->reason, sizeof finding->reason, "%s", text);
    return -1;
}

int ci_png_measure(
    const uint8_t *file, size_t count, int64_t *width, int64_t *height, ci_finding *finding);
int ci_png_decode(
    const uint8_t *file, size_t count, int64_t width, int64_t height, uint8_t *pixels, ci_finding *finding);
int ci_jpeg_measure(
    const uint8_t *file, size_t count, int64_t *width, int64_t *height, ci_finding *finding);
int ci_jpeg_decode(
    const uint8_t *file, size_t count, int64_t width, int64_t height, uint8_t *pixels, ci_finding *finding);

#endif
