#include "NormalizationTable.h"

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
