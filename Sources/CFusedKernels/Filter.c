#include <string.h>

#include "CFusedKernels.h"

void fk_pad_filter(
    int64_t rows, int64_t columns, int64_t area, const float *filter, int64_t padded_rows,
    int64_t padded_columns, float *result
) {
    memset(result, 0, padded_rows * padded_columns * area * sizeof(float));
    for (int64_t row = 0; row < rows; ++row) {
        memcpy(
            result + row * padded_columns * area, filter + row * columns * area,
            columns * area * sizeof(float));
    }
}

void fk_transpose_filter(
    int64_t rows, int64_t columns, int64_t area, const float *filter, int64_t padded_rows,
    int64_t padded_columns, float *result
) {
    if (padded_rows != columns || padded_columns != rows)
        memset(result, 0, padded_rows * padded_columns * area * sizeof(float));
    for (int64_t column = 0; column < columns; ++column) {
        for (int64_t row = 0; row < rows; ++row) {
            const float *window = filter + (row * columns + column) * area;
            float *turned = result + (column * padded_columns + row) * area;
            for (int64_t tap = 0; tap < area; ++tap) turned[tap] = window[area - 1 - tap];
        }
    }
}
