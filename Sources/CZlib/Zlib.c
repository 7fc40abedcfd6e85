#include <limits.h>
#include <string.h>
#include <zlib.h>

#include "CZlib.h"

/// zlib counts what is left in 32 bits.
static uInt part_of(size_t left) { return left > UINT_MAX ? UINT_MAX : (uInt)left; }

/// Runs to the end of the stream, of `target` or of what can be read.
static cz_outcome run(
    z_stream *stream, const uint8_t *source, size_t source_count, uint8_t *target, size_t target_count
) {
    size_t read = 0, written = 0;
    // Takes the byte that there should not be.
    uint8_t surplus;
    for (;;) {
        const int is_full = written == target_count;
        const uInt input = part_of(source_count - read);
        const uInt output = is_full ? 1 : part_of(target_count - written);
        stream->next_in = (Bytef *)source + read;
        stream->avail_in = input;
        stream->next_out = is_full ? &surplus : target + written;
        stream->avail_out = output;
        const int status = inflate(stream, Z_NO_FLUSH);
        read += input - stream->avail_in;
        const size_t made = output - stream->avail_out;
        if (is_full && made > 0) return cz_too_long;
        written += made;
        if (status == Z_STREAM_END) return written == target_count && read == source_count ? cz_inflated : cz_too_short;
        if (status == Z_MEM_ERROR) return cz_out_of_memory;
        // Z_BUF_ERROR: nothing more to read.
        if (status != Z_OK) return cz_damaged;
    }
}

cz_outcome cz_inflate(const uint8_t *source, size_t source_count, uint8_t *target, size_t target_count) {
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    const int status = inflateInit2(&stream, -MAX_WBITS);
    if (status != Z_OK) return status == Z_MEM_ERROR ? cz_out_of_memory : cz_damaged;
    const cz_outcome outcome = run(&stream, source, source_count, target, target_count);
    inflateEnd(&stream);
    return outcome;
}

uint32_t cz_crc32(const uint8_t *bytes, size_t count) {
    return (uint32_t)crc32_z(crc32(0, Z_NULL, 0), bytes, count);
}
