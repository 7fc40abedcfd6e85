#include "Reason.h"

enum format { FORMAT_PNG, FORMAT_JPEG, FORMAT_OTHER };

/// What a file is, by its first bytes and not by its name.
static enum format format_of(const uint8_t *file, size_t count) {
    static const uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    if (count >= sizeof png && memcmp(file, png, sizeof png) == 0) return FORMAT_PNG;
    if (count >= 3 && file[0] == 0xFF && file[1] == 0xD8 && file[2] == 0xFF) return FORMAT_JPEG;
    return FORMAT_OTHER;
}

int ci_measure(const uint8_t *file, size_t count, int64_t *width, int64_t *height, ci_reason *reason) {
    *width = *height = 0;
    reason->text[0] = 0;
    switch (format_of(file, count)) {
        case FORMAT_PNG: return ci_png_measure(file, count, width, height, reason);
        case FORMAT_JPEG: return ci_jpeg_measure(file, count, width, height, reason);
        default: return ci_fail(reason, "it is neither PNG nor JPEG");
    }
}

int ci_decode(
    const uint8_t *file, size_t count, int64_t width, int64_t height, uint8_t *pixels, ci_reason *reason
) {
    reason->text[0] = 0;
    switch (format_of(file, count)) {
        case FORMAT_PNG: return ci_png_decode(file, count, width, height, pixels, reason);
        case FORMAT_JPEG: return ci_jpeg_decode(file, count, width, height, pixels, reason);
        default: return ci_fail(reason, "it is neither PNG nor JPEG");
    }
}
