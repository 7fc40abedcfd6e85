#ifndef CGSL_PHILOX_H
#define CGSL_PHILOX_H

#include <gsl/gsl_rng.h>
#include <stddef.h>
#include <stdint.h>

/// One block of Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random
/// numbers: as easy as 1, 2, 3", SC 2011): four words from a counter and a key.
void cgsl_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/// The same as a GSL generator. `gsl_rng_set` takes the whole 64-bit key and
/// starts at counter 0; words come out block by block, in the order of the block.
/// An accessor, because Swift 6 rejects C globals that are pointers.
const gsl_rng_type *cgsl_rng_philox(void);

/// The next `count` words of a generator of that type, as `gsl_rng_get` would give them.
void cgsl_philox_words(gsl_rng *rng, uint32_t *out, size_t count);

#endif
