#include "Philox.h"

#include <string.h>

// Constants of the paper: two multipliers, and the Weyl increments of the key.
#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0 0x9E3779B9u
#define WEYL_1 0xBB67AE85u
#define ROUNDS 10

// Blocks made in one go: independent lanes that the compiler turns into vectors.
// The words and their order do not depend on it.
#define LANES 16

typedef struct {
    uint64_t key;
    uint64_t next_block;
    uint32_t used;  // words of `words` that were handed out
    uint32_t words[4 * LANES];
} philox_state;

static inline __attribute__((always_inline)) void philox_round(
    uint32_t *c0, uint32_t *c1, uint32_t *c2, uint32_t *c3, uint32_t k0, uint32_t k1) {
    const uint64_t product_0 = (uint64_t)MULTIPLIER_0 * *c0;
    const uint64_t product_1 = (uint64_t)MULTIPLIER_1 * *c2;
    *c0 = (uint32_t)(product_1 >> 32) ^ *c1 ^ k0;
    *c1 = (uint32_t)product_1;
    *c2 = (uint32_t)(product_0 >> 32) ^ *c3 ^ k1;
    *c3 = (uint32_t)product_0;
}

void cgsl_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
    memcpy(out, counter, 4 * sizeof *out);
    for (uint32_t round = 0; round < ROUNDS; round++)
        philox_round(&out[0], &out[1], &out[2], &out[3], key[0] + round * WEYL_0, key[1] + round * WEYL_1);
}

// LANES consecutive blocks, each with its index as the low 64 bits of the counter.
// Word by word over all lanes, which is the order that the compiler can vectorise.
#if defined(__x86_64__)
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
static void make_blocks(uint64_t first_block, uint64_t key, uint32_t *words) {
    uint32_t c0[LANES], c1[LANES], c2[LANES], c3[LANES];
    for (uint32_t lane = 0; lane < LANES; lane++) {
        c0[lane] = (uint32_t)(first_block + lane);
        c1[lane] = (uint32_t)((first_block + lane) >> 32);
        c2[lane] = c3[lane] = 0;
    }
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (uint32_t round = 0; round < ROUNDS; round++, k0 += WEYL_0, k1 += WEYL_1)
        for (uint32_t lane = 0; lane < LANES; lane++)
            philox_round(&c0[lane], &c1[lane], &c2[lane], &c3[lane], k0, k1);
    for (uint32_t lane = 0; lane < LANES; lane++) {
        words[4 * lane] = c0[lane];
        words[4 * lane + 1] = c1[lane];
        words[4 * lane + 2] = c2[lane];
        words[4 * lane + 3] = c3[lane];
    }
}

static void refill(philox_state *state) {
    make_blocks(state->next_block, state->key, state->words);
    state->next_block += LANES;
    state->used = 0;
}

static unsigned long philox_get(void *opaque) {
    philox_state *state = opaque;
    if (state->used == 4 * LANES) refill(state);
    return state->words[state->used++];
}

// 53 random bits in [0, 1): 27 of the first word, 26 of the second.
static double philox_get_double(void *opaque) {
    const uint64_t high = philox_get(opaque) >> 5;
    const uint64_t low = philox_get(opaque) >> 6;
    return (double)(high << 26 | low) * 0x1p-53;
}

static void philox_set(void *opaque, unsigned long key) {
    philox_state *state = opaque;
    state->key = key;
    state->next_block = 0;
    state->used = 4 * LANES;
}

void cgsl_philox_words(gsl_rng *rng, uint32_t *out, size_t count) {
    philox_state *state = rng->state;
    while (count > 0) {
        if (state->used == 4 * LANES) refill(state);
        const size_t left = 4 * LANES - state->used, taken = count < left ? count : left;
        memcpy(out, state->words + state->used, taken * sizeof *out);
        state->used += (uint32_t)taken;
        out += taken;
        count -= taken;
    }
}

_Static_assert(sizeof(unsigned long) == 8, "gsl_rng_set must carry the whole 64-bit key");

const gsl_rng_type *cgsl_rng_philox(void) {
    static const gsl_rng_type type = {
        .name = "philox4x32-10",
        .max = 0xffffffffUL,
        .min = 0,
        .size = sizeof(philox_state),
        .set = philox_set,
        .get = philox_get,
        .get_double = philox_get_double,
    };
    return &type;
}
