#include "CImageWriting.h"

#include <png.h>
#include <string.h>
#include <turbojpeg.h>

size_t cw_png(const uint8_t *pixels, int width, int height, int channels, uint8_t *file, size_t capacity) {
    png_image image = {
        .version = PNG_IMAGE_VERSION, .width = (png_uint_32)width, .height = (png_uint_32)height,
        .format = channels == 1 ? PNG_FORMAT_GRAY : channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA};
    png_alloc_size_t bytes = capacity;
    return png_image_write_to_memory(&image, file, &bytes, 0, pixels, 0, NULL) ? bytes : 0;
}

size_t cw_jpeg(
    const uint8_t *pixels, int width, int height, int channels, int quality, int progressive, uint8_t *file,
    size_t capacity
) {
    const int format = channels == 1 ? TJPF_GRAY : channels == 3 ? TJPF_RGB : TJPF_CMYK;
    const int subsampling = channels == 1 ? TJSAMP_GRAY : TJSAMP_444;
    unsigned char *encoded = NULL;
    unsigned long count = 0;
    const tjhandle encoder = tjInitCompress();
    if (!encoder) return 0;
    const int failed = tjCompress2(
        encoder, pixels, width, 0, height, format, &encoded, &count, subsampling, quality,
        progressive ? TJFLAG_PROGRESSIVE : 0);
    const size_t written = failed || count > capacity ? 0 : count;
    if (written) memcpy(file, encoded, written);
    tjFree(encoded);
    tjDestroy(encoder);
    return written;
}
