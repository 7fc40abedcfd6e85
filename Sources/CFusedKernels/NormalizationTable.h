#ifndef FK_NORMALIZATION_TABLE_H
#define FK_NORMALIZATION_TABLE_H

#include "Planes.h"

/// The coefficients of a normalisation, spread over the lanes of every group.
///
/// x̂ = (x − mean)·inverse − residue, where the residue is what the mean lost to rounding; it is carried in
/// the constants that follow instead of in every element. z = scale·x̂ + shift.
struct fk_normalization_table {
    float *mean;
    float *inverse;
    float *scale;
    float *shift;
    /// The derivative: scale·s·(v − average(v) − x̂·average(v·x̂)) = gain·v + slope·x̂ + offset.
    float *gain;
    float *slope;
    float *offset;
    /// Owns all of the above.
    float *memory;
};

/// The coefficients of one group's rows.
struct fk_normalization_lanes {
    fk_lanes mean, inverse, scale, shift, gain, slope, offset;
};

struct fk_normalization_table fk_normalization_table_of(
    const struct fk_view *view, const fk_normalization *map);

/// What rounding the mean moved x̂ by: x̂ = (x − mean)·inverse − residue.
double fk_normalization_residue(const fk_normalization *map, int64_t channel);

/// Fills in the derivative's coefficients from Σ v and Σ v·x̂ of every channel (NULL: statistics held fixed).
void fk_set_derivative(
    const struct fk_view *view, const fk_normalization *map, const double *sums, double count,
    struct fk_normalization_table *table);

/// A table that outlives one call.
struct fk_normalizer {
    struct fk_normalization_table table;
    int rectified;
};

FK_INLINE struct fk_normalization_lanes fk_lanes_of(
    const struct fk_normalization_table *table, int64_t group
) {
    const int64_t at = group * FK_LANES;
    return (struct fk_normalization_lanes){
        FK_LOAD(table->mean + at),  FK_LOAD(table->inverse + at), FK_LOAD(table->scale + at),
        FK_LOAD(table->shift + at), FK_LOAD(table->gain + at),    FK_LOAD(table->slope + at),
        FK_LOAD(table->offset + at)};
}

#endif
