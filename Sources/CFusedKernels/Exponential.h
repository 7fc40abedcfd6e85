#ifndef FK_EXPONENTIAL_H
#define FK_EXPONENTIAL_H

#include "Lanes.h"

/// e^x for x ≤ 88 within 2 units of the last place: 2^n·p(r), x = n·ln 2 + r, |r| ≤ ½ ln 2, with p Taylor's
/// polynomial of degree 7 (its remainder is below 4e−9). 2^n is applied in two halves, since n may be below the least
/// exponent of a normal number: results fade into the subnormal numbers and, below e^−104, into 0.
FK_INLINE void fk_exponential(fk_lanes *x) {
    const float shifter = 12582912;  // 1.5·2^23: adding it rounds to an integer, in the low bits
    const fk_lanes low = FK_SELECT(*x < -105, (fk_lanes){} - 105, *x);
    const fk_lanes shifted = low * 1.44269504f + shifter;
    const fk_lanes whole = shifted - shifter;
    const fk_lanes rest = low - whole * 0.693359375f + whole * 2.12194440e-4f;
    fk_lanes sum = rest * (1.0f / 5040) + 1.0f / 720;
    sum = sum * rest + 1.0f / 120;
    sum = sum * rest + 1.0f / 24;
    sum = sum * rest + 1.0f / 6;
    sum = sum * rest + 0.5f;
    sum = sum * rest + 1;
    sum = sum * rest + 1;
    // The low bits hold n; those above are the shifter's.
    const fk_lane_mask n = (fk_lane_mask)shifted - 0x4B400000, half = n >> 1;
    sum *= (fk_lanes)((half + 127) << 23);
    // NaN stays NaN, which the limit above would hide.
    *x = FK_SELECT(*x == *x, sum * (fk_lanes)((n - half + 127) << 23), *x);
}

#endif
