#include "CImageWriting.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

size_t cw_png(const uint8_t *pixels, int width, int height, int channels, uint8_t *file, size_t capacity) {
    png_image image = {
        .version = PNG_IMAGE_VERSION, .width = (png_uint_32)width, .height = (png_uint_32)height,
        .format = channels == 1 ? PNG_FORMAT_GRAY : channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA};
    png_alloc_size_t bytes = capacity;
    return png_image_write_to_memory(&image, file, &bytes, 0, pixels, 0, NULL) ? bytes : 0;
}

typedef struct {
    struct jpeg_compress_struct encoder;
    struct jpeg_error_mgr errors;
    jmp_buf failure;
    unsigned char *file;
    unsigned long count;
} writer;

static void fail(j_common_ptr encoder) { longjmp(((writer *)encoder->client_data)->failure, 1); }

static void write_image(
    writer *self, const uint8_t *pixels, int width, int height, int channels, cw_jpeg_options options
) {
    struct jpeg_compress_struct *const encoder = &self->encoder;
    encoder->image_width = (JDIMENSION)width;
    encoder->image_height = (JDIMENSION)height;
    encoder->input_components = channels;
    encoder->in_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(encoder);
    jpeg_set_quality(encoder, options.quality, TRUE);
    for (int component = 0; component < encoder->num_components; ++component) {
        const int factor = options.is_subsampled && channels == 3 && component == 0 ? 2 : 1;
        encoder->comp_info[component].h_samp_factor = factor;
        encoder->comp_info[component].v_samp_factor = factor;
    }
    encoder->dct_method = JDCT_ISLOW;
    encoder->arith_code = options.is_arithmetic ? TRUE : FALSE;
    encoder->restart_interval = (unsigned int)options.restart_interval;
    if (options.is_progressive) jpeg_simple_progression(encoder);
    jpeg_start_compress(encoder, TRUE);
    while (encoder->next_scanline < encoder->image_height) {
        // Not written to.
        JSAMPROW row = (JSAMPROW)(uintptr_t)(pixels + (size_t)encoder->next_scanline * (size_t)(width * channels));
        jpeg_write_scanlines(encoder, &row, 1);
    }
    jpeg_finish_compress(encoder);
}

size_t cw_jpeg(
    const uint8_t *pixels, int width, int height, int channels, cw_jpeg_options options, uint8_t *file,
    size_t capacity
) {
    writer self;
    memset(&self, 0, sizeof self);
    self.encoder.err = jpeg_std_error(&self.errors);
    self.errors.error_exit = fail;
    self.encoder.client_data = &self;
    volatile size_t written = 0;
    if (!setjmp(self.failure)) {
        jpeg_create_compress(&self.encoder);
        jpeg_mem_dest(&self.encoder, &self.file, &self.count);
        write_image(&self, pixels, width, height, channels, options);
        if (self.count <= capacity) {
            memcpy(file, self.file, self.count);
            written = self.count;
        }
    }
    jpeg_destroy_compress(&self.encoder);
    free(self.file);
    return written;
}
