#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>

#include "Decoders.h"

/// A file in memory that is being read.
typedef struct {
    struct jpeg_decompress_struct decoder;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    ci_finding *finding;
    /// Where libjpeg returns to after an error.
    jmp_buf failure;
} reader;

static void fail(j_common_ptr decoder) {
    reader *const self = decoder->client_data;
    char text[JMSG_LENGTH_MAX];
    decoder->err->format_message(decoder, text);
    ci_fail(self->finding, text);
    longjmp(self->failure, 1);
}

/// A warning (level −1) is an error where samples are missing or made up: a file that is cut short would end in grey.
static void heed(j_common_ptr decoder, int level) {
    if (level >= 0) return;
    reader *const self = decoder->client_data;
    switch (decoder->err->msg_code) {
        case JWRN_EXTRANEOUS_DATA:
            // Every decoder passes them over, and some cameras write them.
            self->finding->stray_bytes += decoder->err->msg_parm.i[0];
            break;
        case JWRN_JFIF_MAJOR:
        case JWRN_NOT_SEQUENTIAL:
            // A revision, or parameters of a scan, that nothing depends on.
            break;
        default: fail(decoder);
    }
}

/// A progressive file can ask for any number of passes over the whole image.
static void limit_scans(j_common_ptr decoder) {
    enum { GREATEST_SCANS = 500 };
    reader *const self = decoder->client_data;
    if (self->decoder.input_scan_number <= GREATEST_SCANS) return;
    ci_fail(self->finding, "it has more than 500 scans");
    longjmp(self->failure, 1);
}

static void say_nothing(j_common_ptr decoder) { (void)decoder; }

/// Makes a reader and reads the header.
static int open_reader(reader *self, const uint8_t *file, size_t count, ci_finding *finding) {
    memset(self, 0, sizeof *self);
    self->finding = finding;
    self->decoder.err = jpeg_std_error(&self->errors);
    self->errors.error_exit = fail;
    self->errors.emit_message = heed;
    self->errors.output_message = say_nothing;
    self->decoder.client_data = self;
    self->progress.progress_monitor = limit_scans;
    if (setjmp(self->failure)) {
        jpeg_destroy_decompress(&self->decoder);
        return -1;
    }
    // Keeps the errors and the client.
    jpeg_create_decompress(&self->decoder);
    self->decoder.progress = &self->progress;
    jpeg_mem_src(&self->decoder, file, (unsigned long)count);
    jpeg_read_header(&self->decoder, TRUE);
    return 0;
}

static int close_reader(reader *self, int status) {
    jpeg_destroy_decompress(&self->decoder);
    return status;
}

int ci_jpeg_measure(
    const uint8_t *file, size_t count, int64_t *width, int64_t *height, ci_finding *finding
) {
    reader self;
    if (open_reader(&self, file, count, finding)) return -1;
    *width = self.decoder.image_width;
    *height = self.decoder.image_height;
    return close_reader(&self, 0);
}

/// The four inks of a row on white paper; Adobe stores 255 for no ink.
static void mix(const uint8_t *inks, int64_t width, uint8_t *pixels) {
    for (int64_t column = 0; column < width; ++column) {
        const uint8_t *const ink = inks + 4 * column;
        for (int color = 0; color < 3; ++color)
            pixels[3 * column + color] = (uint8_t)(ink[color] * ink[3] / 255);
    }
}

int ci_jpeg_decode(
    const uint8_t *file, size_t count, int64_t width, int64_t height, uint8_t *pixels, ci_finding *finding
) {
    reader self;
    if (open_reader(&self, file, count, finding)) return -1;
    struct jpeg_decompress_struct *const decoder = &self.decoder;
    if (setjmp(self.failure)) return close_reader(&self, -1);
    if (decoder->image_width != width || decoder->image_height != height)
        return close_reader(&self, ci_fail(finding, "its extent changed while it was read"));
    const int is_cmyk = decoder->jpeg_color_space == JCS_CMYK || decoder->jpeg_color_space == JCS_YCCK;
    decoder->out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
    decoder->dct_method = JDCT_ISLOW;
    jpeg_start_decompress(decoder);
    // Goes with the decoder.
    const JSAMPARRAY inks = decoder->mem->alloc_sarray(
        (j_common_ptr)decoder, JPOOL_IMAGE, is_cmyk ? 4 * decoder->output_width : 1, 1);
    while (decoder->output_scanline < decoder->output_height) {
        uint8_t *row = pixels + 3 * width * decoder->output_scanline;
        if (is_cmyk) {
            jpeg_read_scanlines(decoder, inks, 1);
            mix(inks[0], width, row);
        } else {
            jpeg_read_scanlines(decoder, &row, 1);
        }
    }
    // Reads to the end of the image: a file that is cut short behind its last row is told from a whole one.
    jpeg_finish_decompress(decoder);
    return close_reader(&self, 0);
}
