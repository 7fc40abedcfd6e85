#include "Decoders.h"

enum format { FORMAT_PNG, FORMAT_JPEG, FORMAT_OTHER };

/// What a file is, by its first bytes and not by its name.
static enum format format_of(const uint8_t *file, size_t count) {
    static const uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    if (count >= sizeof png && memcmp(file, png, sizeof png) == 0) return FORMAT_PNG;
    // Not the marker that ought to follow: stray bytes may stand before it.
    if (count >= 2 && file[0] == 0xFF && file[1] == 0xD8) return FORMAT_JPEG;
    return FORMAT_OTHER;
}

static int fail_unknown(size_t count, ci_finding *finding) {
    return ci_fail(finding, count > 0 ? "it is neither PNG nor JPEG" : "it is empty");
}

int ci_measure(const uint8_t *file, size_t count, int64_t *width, int64_t *height, ci_finding *finding) {
    *width = *height = 0;
    *finding = (ci_finding){0};
    switch (format_of(file, count)) {
        case FORMAT_PNG: return ci_png_measure(file, count, width, height, finding);
        case FORMAT_JPEG: return ci_jpeg_measure(file, count, width, height, finding);
        default: return fail_unknown(count, finding);
    }
}

int ci_decode(
    const uint8_t *file, size_t count, int64_t width, int64_t height, uint8_t *pixels, ci_finding *finding
) {
    *finding = (ci_finding){0};
    switch (format_of(file, count)) {
        case FORMAT_PNG: return ci_png_decode(file, count, width, height, pixels, finding);
        case FORMAT_JPEG: return ci_jpeg_decode(file, count, width, height, pixels, finding);
        default: return fail_unknown(count, finding);
    }
}
