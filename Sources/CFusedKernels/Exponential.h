#ifndef FK_EXPONENTIAL_H
#define FK_EXPONENTIAL_H

#include "Lanes.h"

/// n and r of x = n·ln 2 + r, |r| ≤ ½ ln 2, for |x| ≤ 110. The upper part of ln 2 has few enough digits that its product
/// with n is exact.
FK_INLINE void fk_reduce_by_ln2(const fk_lanes *x, fk_lane_mask *n, fk_lanes *rest) {
    const float shifter = 12582912;  // 1.5·2^23: adding it rounds to an integer, in the low bits
    const fk_lanes shifted = *x * 1.44269504f + shifter;
    const fk_lanes whole = shifted - shifter;
    *rest = *x - whole * 0.693359375f + whole * 2.12194440e-4f;
    // The low bits hold n; those above are the shifter's.
    *n = (fk_lane_mask)shifted - 0x4B400000;
}

/// e^r for |r| ≤ ½ ln 2: Taylor's polynomial of degree 7, whose remainder is below 6e−9.
FK_INLINE void fk_exponential_near_0(fk_lanes *x) {
    const fk_lanes rest = *x;
    fk_lanes sum = rest * (1.0f / 5040) + 1.0f / 720;
    sum = sum * rest + 1.0f / 120;
    sum = sum * rest + 1.0f / 24;
    sum = sum * rest + 1.0f / 6;
    sum = sum * rest + 0.5f;
    sum = sum * rest + 1;
    *x = sum * rest + 1;
}

/// 2^n for −127 < n < 128.
#define FK_POWER_OF_2(n) ((fk_lanes)(((n) + 127) << 23))

/// e^x for x ≤ 88 within 2 units of the last place: 2^n·e^r. 2^n is applied in two halves, since n may be below the least
/// exponent of a normal number: results fade into the subnormal numbers and, below e^−104, into 0.
FK_INLINE void fk_exponential(fk_lanes *x) {
    const fk_lanes low = FK_SELECT(*x < -105, (fk_lanes){} - 105, *x);
    fk_lane_mask n;
    fk_lanes sum;
    fk_reduce_by_ln2(&low, &n, &sum);
    fk_exponential_near_0(&sum);
    const fk_lane_mask half = n >> 1;
    sum *= FK_POWER_OF_2(half);
    // NaN stays NaN, which the limit above would hide.
    *x = FK_SELECT(*x == *x, sum * FK_POWER_OF_2(n - half), *x);
}

#endif
