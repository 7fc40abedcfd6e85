#ifndef C_HEAP_COUNT_H
#define C_HEAP_COUNT_H

#include <stdint.h>

/// Calls of malloc, calloc, realloc and the aligned forms so far, by the whole process. Stays 0 where the C
/// library is not glibc.
///
/// A program that links this replaces those functions by ones that count and pass the call on to glibc.
int64_t heap_count(void);

#endif
