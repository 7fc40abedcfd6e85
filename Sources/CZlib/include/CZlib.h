#ifndef C_ZLIB_H
#define C_ZLIB_H

#include <stddef.h>
#include <stdint.h>

/// Deflated bytes of a zip archive, by zlib.

typedef enum {
    cz_inflated,
    /// The stream is damaged, or ends too early.
    cz_damaged,
    /// It ended before `target` was full, or before `source` was.
    cz_too_short,
    /// It goes on where `target` is full.
    cz_too_long,
    cz_out_of_memory
} cz_outcome;

/// Inflates a deflate stream without a header, which has to fill `target` exactly and to end with `source`. A target of no
/// bytes may be null. Besides `target` some 40 KiB of memory are taken, whatever the stream says.
cz_outcome cz_inflate(const uint8_t *source, size_t source_count, uint8_t *target, size_t target_count);

/// CRC-32 as zip archives have it.
uint32_t cz_crc32(const uint8_t *bytes, size_t count);

#endif
