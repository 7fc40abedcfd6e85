#!/usr/bin/env python3
"""Write Sources/CDigits/Digits.c from the copy of the UCI digits in scikit-learn.

    pip download scikit-learn --no-deps -d DIR
    Scripts/make-digits.py DIR/scikit_learn-*.whl

One line an image: 64 pixels, row by row, each the letter 'A' + value (0 to 16, so
'A' to 'Q'), and then, likewise, the digit it shows. A string literal, because it
compiles in milliseconds where an array literal of Swift takes 25 seconds.
"""

import csv
import gzip
import io
import pathlib
import sys
import zipfile

MEMBER = "sklearn/datasets/data/digits.csv.gz"
TARGET = pathlib.Path(__file__).resolve().parent.parent / "Sources/CDigits/Digits.c"
HEAD = """\
// Written by Scripts/make-digits.py; README.md beside this file names the authors.
#include "CDigits.h"

static const char records[CDIGITS_COUNT * CDIGITS_RECORD + 1] =
"""
TAIL = """;

const unsigned char *cdigits_records(void) { return (const unsigned char *)records; }
"""


def records(wheel):
    with zipfile.ZipFile(wheel) as archive:
        text = gzip.decompress(archive.read(MEMBER)).decode("ascii")
    for row in csv.reader(io.StringIO(text)):
        values = [int(value) for value in row]
        pixels, label = values[:64], values[64]
        assert len(values) == 65 and 0 <= min(pixels) and max(pixels) <= 16 and 0 <= label <= 9
        yield "".join(chr(ord("A") + value) for value in [*pixels, label])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    lines = [f'    "{record}"\n' for record in records(sys.argv[1])]
    assert len(lines) == 1797, len(lines)
    TARGET.write_text(HEAD + "".join(lines).rstrip("\n") + TAIL, encoding="ascii")


main()
