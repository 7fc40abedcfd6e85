#ifndef FK_LANES_H
#define FK_LANES_H

#include <stdint.h>
#include <string.h>

#include "Team.h"

/// Floats that are worked on together: one AVX-512 register, two AVX2 registers, four of the base set.
#define FK_LANES 16

typedef float fk_lanes __attribute__((vector_size(64), aligned(4), may_alias));
/// The same lanes in double precision, for sums of many.
typedef double fk_doubles __attribute__((vector_size(128), aligned(8), may_alias));
typedef int32_t fk_lane_mask __attribute__((vector_size(64), aligned(4), may_alias));
typedef int64_t fk_long_lanes __attribute__((vector_size(128), aligned(8), may_alias));

// Macros, because a vector passed by value between functions of different instruction sets has no agreed ABI.
#define FK_LOAD(pointer) (*(const fk_lanes *)(pointer))
#define FK_STORE(pointer, lanes) (*(fk_lanes *)(pointer) = (lanes))
/// `lanes` where the comparison holds, else +0.
#define FK_WHERE(comparison, lanes) ((fk_lanes)((fk_lane_mask)(comparison) & (fk_lane_mask)(lanes)))
/// `yes` where the comparison holds, else `no`.
#define FK_SELECT(comparison, yes, no) \
    ((fk_lanes)(((fk_lane_mask)(comparison) & (fk_lane_mask)(yes)) \
                | (~(fk_lane_mask)(comparison) & (fk_lane_mask)(no))))
/// max(0, lanes), NaN kept.
#define FK_RECTIFY(lanes) FK_WHERE(~((lanes) < (fk_lanes){}), lanes)

#define FK_DOUBLES(lanes) __builtin_convertvector(lanes, fk_doubles)

/// The lanes' sum, by halves.
FK_INLINE double fk_fold_doubles(const fk_doubles *lanes) {
    double sums[FK_LANES];
    *(fk_doubles *)sums = *lanes;
    for (int width = FK_LANES / 2; width > 0; width /= 2)
        for (int lane = 0; lane < width; ++lane) sums[lane] += sums[lane + width];
    return sums[0];
}

FK_INLINE double fk_fold(const fk_lanes *lanes) {
    const fk_doubles doubles = FK_DOUBLES(*lanes);
    return fk_fold_doubles(&doubles);
}

#endif
