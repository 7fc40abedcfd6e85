#ifndef C_ONEDNN_H
#define C_ONEDNN_H

#include <stdint.h>

/// The few operations of oneDNN that this package runs, behind opaque handles; the same source compiles
/// against its versions 2 and 3. Functions that can fail return 0 on success, otherwise a status for
/// `od_status_text`.

typedef int od_status;

/// What a status means, in the library's words.
const char *od_status_text(od_status status);

/// The library's version, such as "2.6.3".
const char *od_version(void);

/// Sets how many threads the library uses for calls from the calling thread.
void od_set_threads(int threads);

/// The channel blocking in which this machine's convolutions run fastest: 16, 8 or 4; 1 is plain NCHW.
int64_t od_preferred_block(void);

/// One axis of space of a convolution. A dilation of 1 leaves the taps side by side.
typedef struct {
    int64_t input, output;
    int64_t kernel, stride, dilation;
    int64_t before, after;
} od_axis;

/// A convolution over one to three axes of space. Maps are stored in blocks of `block` channels.
typedef struct {
    int64_t batch, groups;
    int64_t input_channels, output_channels;
    int64_t axes;
    od_axis space[3];
    int64_t block;
} od_geometry;

/// What a convolution maps: x to W ∗ x, a cotangent c to Wᵀ c, or x and c to ∂⟨c, W ∗ x⟩/∂W.
typedef enum { od_forward, od_backward_data, od_backward_weights } od_direction;

/// A compiled convolution with the reorder of its filter. It holds no data; several threads may run it.
typedef struct od_convolution od_convolution;

/// `threads` must be that of the runs to come: the library divides the work when it compiles.
od_status od_convolution_create(
    const od_geometry *geometry, od_direction direction, int threads, od_convolution **result);
void od_convolution_destroy(od_convolution *convolution);

/// The library's name for the code that it chose.
const char *od_convolution_implementation(const od_convolution *convolution);

/// Bytes of memory, 64-byte aligned, that a run needs for the reordered filter and for scratch.
int64_t od_convolution_workspace_bytes(const od_convolution *convolution);

/// `filter` is plain (O, I/groups, kernel).
od_status od_convolution_run(
    const od_convolution *convolution, const float *source, const float *filter, float *destination,
    void *workspace, int threads);

/// Of a convolution made for `od_backward_weights`: `filter` (O, I/groups, kernel) is the result.
od_status od_convolution_run_filter_gradient(
    const od_convolution *convolution, const float *x, const float *cotangent, float *filter,
    void *workspace, int threads);

/// What a thread needs to run a compiled convolution again and again without allocating anything; for one thread
/// at a time.
typedef struct od_run od_run;

od_status od_run_create(const od_convolution *convolution, od_run **result);
void od_run_destroy(od_run *run);

/// Bytes of the filter in the convolution's own layout, and of scratch memory.
int64_t od_convolution_filter_bytes(const od_convolution *convolution);
int64_t od_convolution_scratch_bytes(const od_convolution *convolution);
/// Brings a plain filter into the convolution's layout; for `od_backward_weights` the other way round.
od_status od_convolution_reorder_filter(
    const od_convolution *convolution, const float *plain, const float *own, int threads);
/// Maps of the convolution's input and output; which of the three are read and which is written follows from the
/// direction. `filter` is in the convolution's own layout. On the calling thread alone if that is how the
/// convolution was made.
od_status od_run_execute(
    od_run *run, const float *input, const float *output, const float *filter, void *scratch);

/// C = A·B, all row by row; `transpose` 1 reads the operand transposed, whose rows are then `lda` or `ldb` long.
od_status od_matrix_product(
    int transpose_a, int transpose_b, int64_t rows, int64_t columns, int64_t summed, const float *a, int64_t lda,
    const float *b, int64_t ldb, float *c, int threads);

/// y = x·Wᵀ for x (batch, inputs), W (outputs, inputs) and y (batch, outputs), row by row.
od_status od_linear(
    int64_t batch, int64_t inputs, int64_t outputs, const float *x, const float *weights, float *y,
    int threads);
/// x = y·W, the transpose of `od_linear`.
od_status od_linear_transposed(
    int64_t batch, int64_t inputs, int64_t outputs, const float *y, const float *weights, float *x,
    int threads);
/// W = cᵀ·x, the pull-back of c (batch, outputs) to the weights of `od_linear`.
od_status od_linear_filter_gradient(
    int64_t batch, int64_t inputs, int64_t outputs, const float *cotangent, const float *x, float *weights,
    int threads);

#endif
