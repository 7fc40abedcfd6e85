#include <png.h>

#include "Reason.h"

/// Reads the header; on failure the image holds nothing any more.
static int begin(png_image *image, const uint8_t *file, size_t count, ci_reason *reason) {
    *image = (png_image){.version = PNG_IMAGE_VERSION};
    return png_image_begin_read_from_memory(image, file, count) ? 0 : ci_fail(reason, image->message);
}

int ci_png_measure(const uint8_t *file, size_t count, int64_t *width, int64_t *height, ci_reason *reason) {
    png_image image;
    if (begin(&image, file, count, reason)) return -1;
    *width = image.width;
    *height = image.height;
    png_image_free(&image);
    return 0;
}

int ci_png_decode(
    const uint8_t *file, size_t count, int64_t width, int64_t height, uint8_t *pixels, ci_reason *reason
) {
    png_image image;
    if (begin(&image, file, count, reason)) return -1;
    if (image.width != width || image.height != height) {
        png_image_free(&image);
        return ci_fail(reason, "its extent changed while it was read");
    }
    image.format = PNG_FORMAT_RGB;
    const png_color white = {255, 255, 255};
    // Frees the image on success and on failure.
    if (!png_image_finish_read(&image, &white, pixels, 0, NULL)) return ci_fail(reason, image.message);
    return 0;
}
