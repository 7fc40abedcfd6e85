#ifndef CDIGITS_H
#define CDIGITS_H

enum {
    CDIGITS_COUNT = 1797,
    /// Bytes a record: 64 pixels of an 8×8 image, then its label.
    CDIGITS_RECORD = 65,
    /// The byte that stands for 0.
    CDIGITS_ZERO = 'A',
};

/// CDIGITS_COUNT records of the UCI handwritten digits (CC BY 4.0, see README.md).
const unsigned char *cdigits_records(void);

#endif
