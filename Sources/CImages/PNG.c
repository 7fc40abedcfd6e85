#include <png.h>
#include <setjmp.h>

#include "Decoders.h"

/// A file in memory that is being read.
typedef struct {
    const uint8_t *rest;
    size_t left;
    ci_finding *finding;
    /// Where libpng returns to after an error.
    jmp_buf failure;
    png_structp png;
    png_infop info;
} reader;

static void fail(png_structp png, png_const_charp text) {
    reader *const self = png_get_error_ptr(png);
    ci_fail(self->finding, text);
    longjmp(self->failure, 1);
}

/// What libpng warns of does not concern the samples.
static void pass_over(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void read_bytes(png_structp png, png_bytep bytes, size_t count) {
    reader *const self = png_get_io_ptr(png);
    if (count > self->left) png_error(png, "it is cut short");
    memcpy(bytes, self->rest, count);
    self->rest += count;
    self->left -= count;
}

/// Makes a reader that accepts no more than is needed: a file may come from anybody.
static int open_reader(reader *self, const uint8_t *file, size_t count, ci_finding *finding) {
    *self = (reader){.rest = file, .left = count, .finding = finding};
    // Also where making it fails.
    if (setjmp(self->failure)) {
        png_destroy_read_struct(&self->png, &self->info, NULL);
        return -1;
    }
    self->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, self, fail, pass_over);
    if (!self->png) return ci_fail(finding, "no decoder could be made");
    self->info = png_create_info_struct(self->png);
    if (!self->info) png_error(self->png, "there is not enough memory for it");
    png_set_read_fn(self->png, self, read_bytes);
    // What other decoders do without is a warning; damage to samples stays an error.
    png_set_benign_errors(self->png, 1);
    png_set_user_limits(self->png, 1000000, 1000000);
    png_set_chunk_cache_max(self->png, 16);
    png_set_chunk_malloc_max(self->png, 1 << 20);
    // All chunks but those that samples follow from: IHDR, PLTE, tRNS, IDAT. Colour is not managed (gAMA, cHRM, sRGB,
    // iCCP, sBIT), and nothing is unpacked that nobody reads.
    png_set_keep_unknown_chunks(self->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    return 0;
}

static int close_reader(reader *self, int status) {
    png_destroy_read_struct(&self->png, &self->info, NULL);
    return status;
}

int ci_png_measure(
    const uint8_t *file, size_t count, int64_t *width, int64_t *height, ci_finding *finding
) {
    reader self;
    if (open_reader(&self, file, count, finding)) return -1;
    if (setjmp(self.failure)) return close_reader(&self, -1);
    png_read_info(self.png, self.info);
    *width = png_get_image_width(self.png, self.info);
    *height = png_get_image_height(self.png, self.info);
    return close_reader(&self, 0);
}

/// Asks for 8-bit RGB, whatever is stored.
static void ask_for_rgb(reader *self) {
    // Palettes, fewer than 8 bits and transparent colours, told apart while they are as stored.
    png_set_expand(self->png);
    // v of 65,535 becomes v >> 8, as Pillow and OpenCV have it; 257·v becomes v either way. (Pillow keeps 16-bit grey
    // apart, and its `convert("RGB")` clips that to 255 instead: an accident that nobody trains with.)
    png_set_strip_16(self->png);
    png_set_gray_to_rgb(self->png);
    // In stored values: gamma is not known here.
    const png_color_16 white = {.red = 255, .green = 255, .blue = 255, .gray = 255};
    png_set_background(self->png, &white, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1);
}

int ci_png_decode(
    const uint8_t *file, size_t count, int64_t width, int64_t height, uint8_t *pixels, ci_finding *finding
) {
    reader self;
    if (open_reader(&self, file, count, finding)) return -1;
    if (setjmp(self.failure)) return close_reader(&self, -1);
    png_read_info(self.png, self.info);
    if (png_get_image_width(self.png, self.info) != width
        || png_get_image_height(self.png, self.info) != height)
        png_error(self.png, "its extent changed while it was read");
    ask_for_rgb(&self);
    const int passes = png_set_interlace_handling(self.png);
    png_read_update_info(self.png, self.info);
    if (png_get_rowbytes(self.png, self.info) != 3 * (size_t)width)
        png_error(self.png, "it cannot be converted to RGB");
    // The last row checks the last of the data; what stands behind it is not read.
    for (int pass = 0; pass < passes; ++pass) {
        for (int64_t row = 0; row < height; ++row)
            png_read_row(self.png, pixels + 3 * width * row, NULL);
    }
    return close_reader(&self, 0);
}
