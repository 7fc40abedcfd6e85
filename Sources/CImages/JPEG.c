#include <stdlib.h>
#include <turbojpeg.h>

#include "Reason.h"

/// Reads the header and gives a decoder, NULL on failure.
static tjhandle begin(
    const uint8_t *file, size_t count, int *width, int *height, int *colors, ci_reason *reason
) {
    const tjhandle decoder = tjInitDecompress();
    if (!decoder) {
        ci_fail(reason, "no decoder could be made");
        return NULL;
    }
    int subsampling;
    if (tjDecompressHeader3(decoder, file, (unsigned long)count, width, height, &subsampling, colors)) {
        ci_fail(reason, tjGetErrorStr2(decoder));
        tjDestroy(decoder);
        return NULL;
    }
    return decoder;
}

int ci_jpeg_measure(const uint8_t *file, size_t count, int64_t *width, int64_t *height, ci_reason *reason) {
    int columns, rows, colors;
    const tjhandle decoder = begin(file, count, &columns, &rows, &colors, reason);
    if (!decoder) return -1;
    *width = columns;
    *height = rows;
    tjDestroy(decoder);
    return 0;
}

/// Warnings are errors: a file that is cut short would else end in grey. Scans are limited, since a progressive file
/// can ask for any number of passes over the whole image.
enum { FLAGS = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS };

static int decode_cmyk(
    tjhandle decoder, const uint8_t *file, size_t count, int width, int height, uint8_t *pixels,
    ci_reason *reason
) {
    const size_t area = (size_t)width * (size_t)height;
    uint8_t *inks = malloc(area > 0 ? area * 4 : 1);
    if (!inks) return ci_fail(reason, "there is not enough memory for it");
    const int failed =
        tjDecompress2(decoder, file, (unsigned long)count, inks, width, 0, height, TJPF_CMYK, FLAGS);
    if (!failed) {
        for (size_t pixel = 0; pixel < area; ++pixel) {
            // Adobe stores 255 for no ink.
            for (int color = 0; color < 3; ++color)
                pixels[pixel * 3 + color] = (uint8_t)(inks[pixel * 4 + color] * inks[pixel * 4 + 3] / 255);
        }
    }
    free(inks);
    return failed;
}

int ci_jpeg_decode(
    const uint8_t *file, size_t count, int64_t width, int64_t height, uint8_t *pixels, ci_reason *reason
) {
    int columns, rows, colors;
    const tjhandle decoder = begin(file, count, &columns, &rows, &colors, reason);
    if (!decoder) return -1;
    int status = 0;
    if (columns != width || rows != height) {
        status = ci_fail(reason, "its extent changed while it was read");
    } else if (colors == TJCS_CMYK || colors == TJCS_YCCK) {
        status = decode_cmyk(decoder, file, count, columns, rows, pixels, reason);
    } else {
        status = tjDecompress2(
            decoder, file, (unsigned long)count, pixels, columns, 0, rows, TJPF_RGB, FLAGS);
    }
    if (status && !reason->text[0]) ci_fail(reason, tjGetErrorStr2(decoder));
    tjDestroy(decoder);
    return status;
}
