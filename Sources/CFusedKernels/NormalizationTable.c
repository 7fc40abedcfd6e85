#include "NormalizationTable.h"

#include <stdlib.h>

enum { TABLES = 7 };

/// μ − (float)μ in units of the deviation: what rounding the mean moved x̂ by.
double fk_normalization_residue(const fk_normalization *map, int64_t channel) {
    const double lost = map->mean[channel] - (double)(float)map->mean[channel];
    return lost * map->inverse_deviation[channel];
}

struct fk_normalization_table fk_normalization_table_of(
    const struct fk_view *view, const fk_normalization *map
) {
    const int64_t width = view->groups * FK_LANES;
    float *memory = fk_scratch(TABLES * width * sizeof(float));
    struct fk_normalization_table table = {
        .mean = memory, .inverse = memory + width, .scale = memory + 2 * width, .shift = memory + 3 * width,
        .gain = memory + 4 * width, .slope = memory + 5 * width, .offset = memory + 6 * width,
        .memory = memory};
    fk_spread(view, map->mean, table.mean);
    fk_spread(view, map->inverse_deviation, table.inverse);
    fk_spread(view, map->scale, table.scale);
    memset(table.shift, 0, 4 * width * sizeof(float));
    for (int64_t index = 0; index < width; ++index) {
        const int64_t channel = fk_channel(view, index / FK_LANES, index % FK_LANES);
        if (channel < 0) continue;
        table.shift[index] = (float)(
            map->shift[channel] - map->scale[channel] * fk_normalization_residue(map, channel));
    }
    return table;
}

void fk_set_derivative(
    const struct fk_view *view, const fk_normalization *map, const double *sums, double count,
    struct fk_normalization_table *table
) {
    for (int64_t index = 0; index < view->groups * FK_LANES; ++index) {
        const int64_t channel = fk_channel(view, index / FK_LANES, index % FK_LANES);
        if (channel < 0) continue;
        const double gain = map->scale[channel] * map->inverse_deviation[channel];
        table->gain[index] = (float)gain;
        if (!sums) continue;
        // The second sum was taken with the rounded mean.
        const double average = sums[channel] / count;
        const double slope =
            sums[view->channels + channel] / count - fk_normalization_residue(map, channel) * average;
        table->slope[index] = (float)(-gain * slope);
        table->offset[index] =
            (float)(gain * (slope * fk_normalization_residue(map, channel) - average));
    }
}

fk_normalizer *fk_normalizer_create(fk_shape shape, fk_normalization map) {
    const struct fk_view view = fk_view_of(shape);
    fk_normalizer *normalizer = fk_scratch(sizeof *normalizer);
    *normalizer = (fk_normalizer){fk_normalization_table_of(&view, &map), map.rectified};
    return normalizer;
}

void fk_normalizer_set_derivative(
    fk_normalizer *normalizer, fk_shape shape, fk_normalization map, const double *scale, const double *shift
) {
    const struct fk_view view = fk_view_of(shape);
    double *sums = fk_scratch(2 * view.channels * sizeof(double));
    for (int64_t channel = 0; channel < view.channels; ++channel) {
        sums[channel] = shift[channel];
        // As if it had been taken with the rounded mean, as the table's own sums are.
        sums[view.channels + channel] =
            scale[channel] + fk_normalization_residue(&map, channel) * shift[channel];
    }
    fk_set_derivative(
        &view, &map, map.of_batch ? sums : NULL, (double)(shape.batch * shape.area), &normalizer->table);
    free(sums);
}

void fk_normalizer_destroy(fk_normalizer *normalizer) {
    if (!normalizer) return;
    free(normalizer->table.memory);
    free(normalizer);
}
