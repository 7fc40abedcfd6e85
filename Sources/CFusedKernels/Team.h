#ifndef FK_TEAM_H
#define FK_TEAM_H

#include <stdint.h>

/// Compiles a function once per instruction set; the dynamic loader picks the best that the machine has.
#if defined(__x86_64__)
#define FK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FK_CLONES
#endif
#define FK_INLINE static inline __attribute__((always_inline))

/// Work on the items begin ..< end.
typedef void (*fk_body)(const void *context, int64_t begin, int64_t end);

/// Splits `items` evenly over the team of threads that the convolution library uses too.
///
/// With fewer than `FK_SMALL` elements in all, the calling thread does everything: waking a team costs more.
void fk_split(fk_body body, const void *context, int64_t items, int64_t elements, int threads);

/// Below this many elements a second thread does not pay.
#define FK_SMALL 16384

/// Scratch memory for a reduction. Ends the process with a sentence and exit code 2 when there is none: nothing that is
/// under way can be undone from here.
void *fk_scratch(int64_t bytes);

#endif
