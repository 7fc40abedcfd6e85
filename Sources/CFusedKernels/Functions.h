#ifndef FK_FUNCTIONS_H
#define FK_FUNCTIONS_H

#include <math.h>

#include "Exponential.h"

// Functions of single elements in single precision, in place. Where the result is a normal number it is within 4 units of
// the last place; NaN stays NaN, and ±∞ have their limits.
//
// Coefficients are those of least greatest error (Remez, 1934), found in 40 digits and rounded; "error" is what the
// polynomial lacks, relative to the function, before any rounding. A rounding is 2^−24 = 6e−8.

/// Sign bits.
#define FK_SIGN(lanes) ((fk_lane_mask)(lanes) & (int32_t)0x80000000)
#define FK_MAGNITUDE(lanes) ((fk_lanes)((fk_lane_mask)(lanes) & 0x7FFFFFFF))
#define FK_WITH_SIGN(magnitude, sign) ((fk_lanes)((fk_lane_mask)(magnitude) | (sign)))

/// e^x.
FK_INLINE void fk_exp(fk_lanes *x) {
    // e^89 is beyond the range.
    *x = FK_SELECT(*x > 89, (fk_lanes){} + 89, *x);
    fk_exponential(x);
}

/// (e^y − 1)/(e^y + 1) of y = 2|x|, with e^y − 1 = 2^n(e^r − 1) + (2^n − 1), which loses no digit near 0.
FK_INLINE void fk_tanh(fk_lanes *x) {
    const fk_lane_mask sign = FK_SIGN(*x);
    const fk_lanes size = FK_MAGNITUDE(*x);
    // From here on the result is 1.
    const fk_lanes twice = 2 * FK_SELECT(size > 10, (fk_lanes){} + 10, size);
    fk_lane_mask n;
    fk_lanes rest;
    fk_reduce_by_ln2(&twice, &n, &rest);
    // (e^r − 1 − r)/r², error 1.4e−8.
    fk_lanes sum = rest * 1.3882484e-3f + 8.366713e-3f;
    sum = sum * rest + 4.1667204e-2f;
    sum = sum * rest + 1.6666542e-1f;
    sum = sum * rest + 4.9999997e-1f;
    sum = sum * (rest * rest) + rest;
    const fk_lanes power = FK_POWER_OF_2(n);
    sum = power * sum + (power - 1);
    *x = FK_WITH_SIGN(sum / (sum + 2), sign);
}

/// 1/(1 + e^−x) from e^−|x|, which cannot overflow.
FK_INLINE void fk_logistic(fk_lanes *x) {
    fk_lanes power = FK_WITH_SIGN(*x, (int32_t)0x80000000);
    fk_exponential(&power);
    *x = FK_SELECT(*x > 0, (fk_lanes){} + 1, power) / (1 + power);
}

/// x/(1 + e^−x), likewise. e^−|x| may be below the normal numbers where its product with x is none of them: x is
/// multiplied in before the last half of the power of 2.
FK_INLINE void fk_silu(fk_lanes *x) {
    const fk_lanes size = FK_MAGNITUDE(*x);
    const fk_lanes low = FK_SELECT(size > 110, (fk_lanes){} - 110, -size);
    fk_lane_mask n;
    fk_lanes sum;
    fk_reduce_by_ln2(&low, &n, &sum);
    fk_exponential_near_0(&sum);
    const fk_lane_mask half = n >> 1;
    const fk_lanes upper = FK_POWER_OF_2(n - half);
    sum *= FK_POWER_OF_2(half);
    // Below −110 a product with 0: −0, and NaN of −∞ as that is in Double.
    const fk_lanes numerator = FK_SELECT(*x > 0, *x, *x * FK_WHERE(*x >= -110, sum) * upper);
    *x = numerator / (1 + sum * upper);
}

/// log(1 + e^x) = max(x, 0) + log(1 + e), e = e^−|x|: with d = 2e/(2 + e) the logarithm is 2 artanh(d/2), a series in
/// odd powers of d.
FK_INLINE void fk_softplus(fk_lanes *x) {
    fk_lanes power = FK_WITH_SIGN(*x, (int32_t)0x80000000);
    fk_exponential(&power);
    const fk_lanes d = power / (1 + 0.5f * power), square = d * d;
    // (2 artanh(d/2) − d)/d³ of d², error 5e−9.
    fk_lanes sum = square * 5.473527e-4f + 2.187433e-3f;
    sum = sum * square + 1.2506781e-2f;
    sum = sum * square + 8.3333015e-2f;
    sum = sum * (square * d) + d;
    *x = FK_WHERE(~(*x <= 0), *x) + sum;
}

/// k and f of x = 2^k(1 + f) > 0, √½ ≤ 1 + f < √2.
FK_INLINE void fk_take_apart(const fk_lanes *x, fk_lanes *k, fk_lanes *f) {
    // The subnormal numbers are brought among the normal ones.
    const fk_lane_mask is_small = *x < 1.17549435e-38f;
    const fk_lane_mask bits = (fk_lane_mask)FK_SELECT(is_small, *x * 8388608, *x);
    const fk_lane_mask exponent = (bits - 0x3F3504F3) >> 23;
    *f = (fk_lanes)(bits - (exponent << 23)) - 1;
    *k = __builtin_convertvector(exponent - (is_small & 23), fk_lanes);
}

/// log x = k·ln 2 + log(1 + f).
FK_INLINE void fk_log(fk_lanes *x) {
    fk_lanes k, f;
    fk_take_apart(x, &k, &f);
    // (log(1 + f) − f + f²/2)/f³, error 1e−9.
    fk_lanes sum = f * 6.74664e-2f - 1.1675651e-1f;
    sum = sum * f + 1.1888162e-1f;
    sum = sum * f - 1.2405589e-1f;
    sum = sum * f + 1.4219552e-1f;
    sum = sum * f - 1.6667996e-1f;
    sum = sum * f + 2.0002119e-1f;
    sum = sum * f - 2.500001e-1f;
    sum = sum * f + 3.3333313e-1f;
    const fk_lanes square = f * f;
    sum = sum * (f * square) - 0.5f * square;
    // ln 2 in two parts, the first of which k multiplies exactly.
    fk_lanes y = k * 0.693359375f + (f + (sum - k * 2.12194440e-4f));
    y = FK_SELECT(*x < INFINITY, y, *x);
    y = FK_SELECT(*x < 0, (fk_lanes){} + NAN, y);
    *x = FK_SELECT(*x == 0, (fk_lanes){} - INFINITY, y);
}

/// 2^x = 2^n·2^r for |x| ≤ 1000, in double precision with a relative error of 2e−9.
FK_INLINE void fk_exp2(fk_doubles *x) {
    const double shifter = 6755399441055744;  // 1.5·2^52: n is in the low bits
    const fk_doubles shifted = *x + shifter, rest = *x - (shifted - shifter);
    const fk_doubles power = (fk_doubles)(((fk_long_lanes)shifted + 1023) << 52);
    fk_doubles sum = rest * 1.53458122392e-4 + 1.33999312229e-3;
    sum = sum * rest + 9.61848895963e-3;
    sum = sum * rest + 5.55032877723e-2;
    sum = sum * rest + 2.40226468906e-1;
    sum = sum * rest + 6.93147205737e-1;
    sum = sum * rest + 1.00000000055;
    *x = sum * power;
}

/// x^y = 2^(y·log₂ |x|), in double precision since y multiplies the error of the logarithm, with the sign of x where y is
/// an odd number. ∞, NaN and exponents from 2^22 on are left to the C library.
FK_INLINE void fk_power(fk_lanes *x, const fk_lanes *y) {
    const fk_lanes size = FK_MAGNITUDE(*x);
    fk_lanes k, f;
    fk_take_apart(&size, &k, &f);
    // log₂(1 + f) = 2 artanh(s)/ln 2, an odd function of s; error 4e−12.
    const fk_doubles part = FK_DOUBLES(f), s = part / (2 + part), square = s * s;
    fk_doubles sum = square * 0.34074899326396 + 0.41167174532472;
    sum = sum * square + 0.5770836003323;
    sum = sum * square + 0.96179667326633;
    sum = sum * square + 2.8853900817901;
    sum = (sum * s + FK_DOUBLES(k)) * FK_DOUBLES(*y);
    // Beyond these single precision has ∞ and 0.
    const fk_long_lanes is_low = sum < -200, is_high = sum > 200;
    sum = (fk_doubles)(((fk_long_lanes)sum & ~(is_low | is_high)) | ((fk_long_lanes)((fk_doubles){} - 200) & is_low)
                       | ((fk_long_lanes)((fk_doubles){} + 200) & is_high));
    fk_exp2(&sum);
    fk_lanes power = __builtin_convertvector(sum, fk_lanes);
    power = FK_SELECT((size == 0) & (*y > 0), (fk_lanes){}, power);
    power = FK_SELECT((size == 0) & (*y < 0), (fk_lanes){} + INFINITY, power);
    const float shifter = 12582912;  // 1.5·2^23
    const fk_lanes shifted = *y + shifter;
    const fk_lane_mask is_whole = shifted - shifter == *y;
    const fk_lane_mask sign = FK_SIGN(*x) & is_whole & ((fk_lane_mask)shifted << 31);
    fk_lanes result = FK_SELECT((*x < 0) & ~is_whole, (fk_lanes){} + NAN, FK_WITH_SIGN(power, sign));
    const fk_lane_mask is_far = ~((size < INFINITY) & (FK_MAGNITUDE(*y) < 4194304));
    if (__builtin_reduce_or(is_far))
        for (int lane = 0; lane < FK_LANES; ++lane)
            if (is_far[lane]) result[lane] = (float)pow((*x)[lane], (*y)[lane]);
    *x = result;
}

/// erfc(a/√2)/2 = e^(−a²/2)·g of 0 ≤ a ≤ 20, in double precision: in single precision the roundings of a², of both factors
/// and of their product would add up to more than 4 units.
FK_INLINE void fk_normal_tail(const fk_doubles *a, fk_doubles *tail) {
    fk_doubles power = -0.72134752044448170368 * (*a * *a);  // log₂ e/2
    fk_exp2(&power);
    // g is t = 1/(1 + 0.3a) times a function of little slope, here in powers of 1 − 2t (after Shepherd and Laframboise,
    // Math. Comp. 36, 1981, who take (1 + 2x)·erfcx(x)); error 3e−9 for a ≤ 13.5, where the tail leaves single precision.
    const fk_doubles t = 1 / (1 + 0.3 * *a), v = 1 - 2 * t;
    fk_doubles sum = v * 4.022386951e-5 + 7.655267338e-5;
    sum = sum * v - 2.806605314e-4;
    sum = sum * v - 5.696347585e-4;
    sum = sum * v + 2.423534317e-3;
    sum = sum * v + 1.816026626e-3;
    sum = sum * v - 2.776034312e-2;
    sum = sum * v + 8.654971001e-2;
    sum = sum * v - 1.645794852e-1;
    sum = sum * v + 2.219706131e-1;
    *tail = sum * t * power;
}

/// x·Φ(x), Φ the distribution function of the standard normal: x(1 − Φ(−x)) above 0.
FK_INLINE void fk_gelu(fk_lanes *x) {
    const fk_lanes size = FK_MAGNITUDE(*x), limited = FK_SELECT(size > 20, (fk_lanes){} + 20, size);
    const fk_doubles a = FK_DOUBLES(limited), wide = FK_DOUBLES(*x);
    fk_doubles tail;
    fk_normal_tail(&a, &tail);
    tail *= wide;
    const fk_lanes below = __builtin_convertvector(tail, fk_lanes);
    const fk_lanes above = __builtin_convertvector(wide - tail, fk_lanes);
    // Below −20 a product with 0: −0, and NaN of −∞ as that is in Double.
    const fk_lanes y = FK_SELECT(*x < -20, *x * 0, FK_SELECT(*x > 0, above, below));
    *x = FK_SELECT(*x > 20, *x, y);
}

/// The error function: x times a polynomial in x² up to 1, and 1 − erfc |x| above.
FK_INLINE void fk_erf(fk_lanes *x) {
    const fk_lanes size = FK_MAGNITUDE(*x);
    // erfc 4.2 is less than half a unit of 1.
    const fk_lanes limited = FK_SELECT(size > 4.2f, (fk_lanes){} + 4.2f, size);
    const fk_doubles a = 1.41421356237309504880 * FK_DOUBLES(limited);
    fk_doubles tail;
    fk_normal_tail(&a, &tail);
    const fk_lanes far = __builtin_convertvector(1 - 2 * tail, fk_lanes);
    const fk_lanes square = limited * limited;
    // erf(x)/x, error 1.3e−9.
    fk_lanes sum = square * 7.853861e-5f - 8.010193e-4f;
    sum = sum * square + 5.1883277e-3f;
    sum = sum * square - 2.6853811e-2f;
    sum = sum * square + 1.12835854e-1f;
    sum = sum * square - 3.7612626e-1f;
    sum = sum * square + 1.1283791e+0f;
    *x = FK_SELECT(size > 1, FK_WITH_SIGN(far, FK_SIGN(*x)), *x * sum);
}

/// sin(x + quarter·π/2). Up to 2^20 the argument is reduced in double precision: whole·(upper part of π/2) is exact, and
/// what is left of x is right to 2^−66. Beyond, where one cannot do with so few digits of π, it is left to the C library.
FK_INLINE void fk_sine(fk_lanes *x, int32_t quarter) {
    const double shifter = 6755399441055744;  // 1.5·2^52
    const fk_doubles wide = FK_DOUBLES(*x);
    const fk_doubles whole = wide * 0.63661977236758134308 + shifter - shifter;
    const fk_doubles rest = wide - whole * 1.57079632673412561417 - whole * 6.07710050650619224932e-11;
    const fk_lane_mask n = __builtin_convertvector(whole, fk_lane_mask) + quarter;
    const fk_lanes r = __builtin_convertvector(rest, fk_lanes), square = r * r;
    // (sin r − r)/r³, error 4e−9, and (cos r − 1 + r²/2)/r⁴, error 1e−10, of r², |r| ≤ π/4.
    fk_lanes sine = square * -1.9516656e-4f + 8.332173e-3f;
    sine = sine * square - 1.6666655e-1f;
    sine = sine * (square * r) + r;
    fk_lanes cosine = square * 2.443773e-5f - 1.3887362e-3f;
    cosine = cosine * square + 4.1666646e-2f;
    cosine = cosine * (square * square) + (1 - 0.5f * square);
    const fk_lanes value = FK_SELECT((n & 1) == 0, sine, cosine);
    fk_lanes y = (fk_lanes)((fk_lane_mask)value ^ ((n & 2) << 30));
    const fk_lane_mask is_far = ~(FK_MAGNITUDE(*x) < 1048576);
    if (__builtin_reduce_or(is_far))
        for (int lane = 0; lane < FK_LANES; ++lane)
            if (is_far[lane]) y[lane] = (float)(quarter ? cos((*x)[lane]) : sin((*x)[lane]));
    // −0 stays −0.
    *x = quarter ? y : FK_SELECT(*x == 0, *x, y);
}

#endif
