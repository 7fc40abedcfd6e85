#ifndef C_FUSED_KERNELS_H
#define C_FUSED_KERNELS_H

#include <stdint.h>

/// Element-wise work, reductions and batch normalisation on channel-blocked Float tensors, each in as few
/// passes over memory as its arithmetic allows.
///
/// Every function takes the number of threads it may use and works on the calling thread when there is little
/// to do. Reductions run over fixed pieces that are combined in a fixed order in double precision: a result
/// never depends on the number of threads. Padding channels that are zero stay zero.

/// A tensor (N, C, H·W) stored in blocks of `block` channels; `block` divides 16.
typedef struct {
    int64_t batch;
    int64_t channels;
    int64_t area;
    int64_t block;
} fk_shape;

/// γ·(x − μ)·s + β per channel, `channels` numbers each; then max(0, ·) if `rectified`.
typedef struct {
    const double *mean;
    const double *inverse_deviation;
    const double *scale;
    const double *shift;
    int rectified;
    /// Whether the derivative goes through the batch's mean and variance or holds them fixed.
    int of_batch;
} fk_normalization;

// Batch normalisation.

/// Mean and biased variance of every channel over batch and space.
void fk_channel_statistics(fk_shape shape, const float *x, double *mean, double *variance, int threads);
void fk_normalize(fk_shape shape, const float *x, fk_normalization map, float *y, int threads);
/// Also the pull-back to scale and shift, Σ c·x̂ and Σ c of every channel where a rectifier lets c through,
/// unless both are NULL.
void fk_normalize_pullback(
    fk_shape shape, const float *cotangent, const float *x, fk_normalization map, float *result,
    double *scale, double *shift, int threads);
void fk_normalize_pushforward(
    fk_shape shape, const float *tangent, const float *x, fk_normalization map, float *result, int threads);

// Batch normalisation of a piece of a batch at a time, on the calling thread: what a thread does between two
// convolutions of the piece, while it is in the core's cache. `whole` is the shape of the batch, and a piece is
// some of its samples; nothing depends on how the batch is cut.

/// The coefficients of a normalisation, laid out for maps of some number of channels.
typedef struct fk_normalizer fk_normalizer;

/// Of `shape` only channels and block matter.
fk_normalizer *fk_normalizer_create(fk_shape shape, fk_normalization map);
/// Prepares pull-backs, from the pull-back of the same cotangent to scale and shift.
void fk_normalizer_set_derivative(
    fk_normalizer *normalizer, fk_shape whole, fk_normalization map, const double *scale, const double *shift);
void fk_normalizer_destroy(fk_normalizer *normalizer);

void fk_normalize_piece(const fk_normalizer *normalizer, fk_shape piece, const float *x, float *y);
/// The pull-back, plus addend_factor·addend unless that is NULL. The result may be the memory of an argument.
void fk_normalize_pullback_of_piece(
    const fk_normalizer *normalizer, fk_shape piece, const float *cotangent, const float *x,
    const float *addend, float addend_factor, float *result);

/// What the statistics of a batch are merged from, gathered piece by piece in `fk_moments_bytes(whole)` bytes.
int64_t fk_moments_bytes(fk_shape whole);
void fk_moments_of_piece(
    fk_shape whole, int64_t first_sample, int64_t samples, const float *piece, void *moments);
void fk_statistics_of_moments(fk_shape whole, const void *moments, double *mean, double *variance);

/// What the pull-back to scale and shift is merged from, gathered in `fk_cotangent_sums_count(whole)` numbers.
int64_t fk_cotangent_sums_count(fk_shape whole);
void fk_cotangent_sums_of_piece(
    const fk_normalizer *normalizer, fk_shape whole, int64_t first_sample, int64_t samples,
    const float *cotangent, const float *x, double *sums);
void fk_parameter_gradients_of_sums(
    fk_shape whole, fk_normalization map, const double *sums, double *scale, double *shift);

/// A part of one thread's work: the items begin ..< end.
typedef void (*fk_share_body)(const void *context, int64_t thread, int64_t begin, int64_t end);
/// Divides items, fewer than 2^32, evenly over the team of threads, neighbouring ones to the same thread, in order; a
/// thread that is done goes on with another's last ones.
void fk_share(int64_t items, fk_share_body body, const void *context, int threads);

// Element-wise, over `count` stored elements. The result may be the memory of an argument.

/// max(0, x); NaN stays NaN.
void fk_rectify(int64_t count, const float *x, float *y, int threads);
/// v where y > 0, else 0.
void fk_keep_where_positive(int64_t count, const float *v, const float *y, float *result, int threads);
void fk_multiply(int64_t count, const float *a, const float *b, float *result, int threads);
/// a·x.
void fk_scale(int64_t count, const float *x, float a, float *result, int threads);
/// a·x + b·y.
void fk_combine(
    int64_t count, const float *x, float a, const float *y, float b, float *result, int threads);

// Per channel.

/// e^offset/(1 + e^−x) for an offset ≥ 0, and 0 in padding channels.
void fk_sigmoid(fk_shape shape, const float *x, float offset, float *y, int threads);
/// x + b, one number a channel.
void fk_add_bias(fk_shape shape, const float *x, const double *bias, float *y, int threads);

// Steps of a program over registers, which hold some hundred elements each.

/// What a step makes of its operands x, y and z, as far as it has so many.
typedef enum {
    // Functions of one number.
    fk_take_exp, fk_take_log, fk_take_sqrt, fk_take_sin, fk_take_cos, fk_take_tanh, fk_take_sigmoid, fk_take_erf,
    fk_take_softplus, fk_take_relu, fk_take_gelu, fk_take_silu, fk_take_abs, fk_take_sign,
    /// 0 below 0, ½ at 0, 1 above.
    fk_take_unit_step,
    fk_take_sum, fk_take_difference,
    /// 0 where a factor is 0, whatever the other is.
    fk_take_product,
    fk_take_quotient, fk_take_power, fk_take_min, fk_take_max,
    /// x above 0, y·x elsewhere.
    fk_take_leaky_relu,
    // 1 where it holds, else 0.
    fk_take_less, fk_take_at_most, fk_take_greater, fk_take_at_least, fk_take_equal, fk_take_unequal,
    /// y where x is not 0, else z.
    fk_take_choice,
    /// x, no less than y and no more than z.
    fk_take_clipped
} fk_step_action;

/// One step over `count` elements, on the calling thread. The result may be the memory of an operand; in place
/// of operands that the action does not have, x again. Functions are within 4 units of the last place where the result is
/// a normal number.
void fk_take_step(
    fk_step_action action, int64_t count, const float *x, const float *y, const float *z, float *result);

// Rows of a matrix, one behind another.

typedef enum { fk_plain, fk_logarithmic } fk_softmax_kind;

/// p = eˣ over its sum in every row, or log p.
void fk_softmax(
    int64_t rows, int64_t length, const float *x, fk_softmax_kind kind, float *y, int threads);
/// Both derivatives at the value y: p∘(v − Σ p v) either way; of the logarithm c − p Σ c and t − Σ p t.
void fk_softmax_pullback(
    int64_t rows, int64_t length, const float *cotangent, const float *y, fk_softmax_kind kind, float *result,
    int threads);
void fk_softmax_pushforward(
    int64_t rows, int64_t length, const float *tangent, const float *y, fk_softmax_kind kind, float *result,
    int threads);
/// (x − mean)·s with s = 1/√(variance + ε) of every row, which goes into `inverse`; without the mean x/√(mean square + ε).
void fk_standardize(
    int64_t rows, int64_t length, const float *x, double epsilon, int subtracts_mean, float *y, float *inverse,
    int threads);
/// Both derivatives at the value y: s(v − mean(v) − y·mean(v y)), without the first mean where none is subtracted.
void fk_standardize_derivative(
    int64_t rows, int64_t length, const float *v, const float *y, const float *inverse, int subtracts_mean,
    float *result, int threads);

// Pooling.

/// One axis of a pooling window, which may reach beyond the map at either end.
typedef struct {
    int64_t input, output;
    int64_t kernel, stride, dilation;
    /// By how much the first window stands out of the map.
    int64_t before;
} fk_pooling_axis;

/// A pooling of `planes` planes, each of one sample and `block` channels; fewer axes are the last ones. A place in the
/// window is the number of its tap, row by row.
typedef struct {
    int64_t planes, block;
    fk_pooling_axis depth, height, width;
} fk_pooling;

/// The largest element of every window, and its place in the window: the first of equal ones, a NaN before any
/// number. What lies outside the map is never chosen; every window has to see an element.
void fk_max_pool(fk_pooling pooling, const float *x, float *y, uint16_t *places, int threads);
/// The transpose of `fk_max_pool_pushforward`.
void fk_max_pool_pullback(
    fk_pooling pooling, const float *cotangent, const uint16_t *places, float *result, int threads);
/// The element of every window that stands at its place.
void fk_max_pool_pushforward(
    fk_pooling pooling, const float *tangent, const uint16_t *places, float *result, int threads);
/// The sum over every window, over its divisor: one for each place of a window in a plane.
void fk_average_pool(fk_pooling pooling, const float *x, const float *divisors, float *y, int threads);
/// The transpose of `fk_average_pool`.
void fk_average_pool_pullback(
    fk_pooling pooling, const float *cotangent, const float *divisors, float *result, int threads);
/// The mean of every plane, in (N, C) order.
void fk_global_average(fk_shape shape, const float *x, float *y, int threads);
/// The transpose of `fk_global_average`: `cotangent` is in (N, C) order.
void fk_global_average_pullback(fk_shape shape, const float *cotangent, float *result, int threads);
/// A filter (rows, columns, area) copied into one of more rows and columns, zero where there was nothing.
void fk_pad_filter(
    int64_t rows, int64_t columns, int64_t area, const float *filter, int64_t padded_rows,
    int64_t padded_columns, float *result);
/// The filter of the transposed convolution, padded likewise: rows and columns change places and every k×k
/// window is turned by half a turn. `padded_rows` and `padded_columns` are those of the result.
void fk_transpose_filter(
    int64_t rows, int64_t columns, int64_t area, const float *filter, int64_t padded_rows,
    int64_t padded_columns, float *result);

/// A convolution with stride 1 and "same" padding.
typedef struct {
    /// Channels of a block, of the maps on both sides: 8 or 16.
    int64_t block;
    int64_t samples;
    int64_t input_blocks;
    int64_t output_blocks;
    int64_t height;
    int64_t width;
    /// Side of the filter: 1 or 3.
    int64_t kernel;
} fk_convolution;

/// Whether this machine can run the following on maps in blocks of so many channels.
int fk_has_convolutions(int64_t block);

/// What the thread reads and writes next, up to five maps of so many elements: a convolution has them fetched from
/// memory meanwhile. No element is read, and none is fetched of a count 0.
typedef struct {
    const float *maps[5];
    int64_t counts[5];
} fk_ahead;

/// y = filter ∗ x + factor·terms (NULL: nothing), on the calling thread. The filter is stored as
/// (O/b, I/b, k, k, b, b) for blocks of b, the outputs of a block innermost.
void fk_convolve(
    fk_convolution shape, const float *x, const float *filter, const float *terms, float factor, float *y,
    fk_ahead ahead);
/// Adds to the gradient of the filter, stored likewise, on the calling thread. The first part overwrites what
/// was there.
void fk_add_filter_gradient(
    fk_convolution shape, const float *x, const float *cotangent, int is_first, float *filter);
/// A filter (O, I, k, k) in these blocks, zero where channels pad the last ones.
void fk_blocks_of_filter(
    int64_t outputs, int64_t inputs, int64_t kernel, int64_t block, const float *filter, float *result, int threads);
/// The filter of the transposed convolution in these blocks: outputs and inputs change places, and every window is
/// turned by half a turn.
void fk_blocks_of_transposed_filter(
    int64_t outputs, int64_t inputs, int64_t kernel, int64_t block, const float *filter, float *result, int threads);
/// The sum, in order, of so many filters stored one after another in these blocks, as a filter (O, I, k, k).
void fk_filter_of_blocks(
    int64_t outputs, int64_t inputs, int64_t kernel, int64_t block, const float *blocks, int64_t count,
    float *result, int threads);

// Measurement.

double fk_sum_of_squares(int64_t count, const float *x, int threads);
double fk_dot(int64_t count, const float *x, const float *y, int threads);
/// Elements below 0.
int64_t fk_negative_count(int64_t count, const float *x, int threads);
/// a·x + b·y into `result`, which may be x or y, and Σ of the result's squares. A coefficient of 0 leaves its
/// tensor unread.
double fk_combine_measured(
    int64_t count, const float *x, float a, const float *y, float b, float *result, int threads);

/// One step of the decomposition; see `fk_decompose`.
typedef struct {
    /// g and its coefficient.
    const float *total;
    float total_coefficient;
    /// w and its coefficient; unread where that is 0.
    const float *through_weights;
    float through_weights_coefficient;
    /// j and its coefficients in g and in w.
    const float *branch;
    float branch_in_total;
    float branch_in_through_weights;
    /// d, and the coefficients of g, d and w in the residual.
    const float *direct;
    float residual_total;
    float residual_direct;
    float residual_through_weights;
} fk_decomposition_step;

typedef struct {
    double total;
    double direct;
    double through_weights;
    double direct_times_through_weights;
    double residual;
} fk_decomposition_sums;

/// `g ← a·g + b·j` and `w ← a'·w + b'·j` in one pass, with Σ g², Σ d², Σ w², Σ d·w and Σ (g − d − w)² of the
/// results. `total` and `through_weights` may be the memory of the arguments of those names, not of others.
fk_decomposition_sums fk_decompose(
    int64_t count, fk_decomposition_step step, float *total, float *through_weights, int threads);

/// One step of the forward sum; see `fk_advance_forward_sum`.
typedef struct {
    /// s and its coefficient; unread where that is 0.
    const float *previous;
    float previous_coefficient;
    /// f and its coefficient.
    const float *branch;
    float branch_coefficient;
    /// x.
    const float *value;
    /// q and its coefficient; unread where that is 0.
    const float *carried;
    float carried_coefficient;
} fk_forward_sum_step;

/// Σ s², Σ x², Σ (a·q)² and Σ (x − a·q − s)².
typedef struct {
    double sum;
    double value;
    double carried;
    double residual;
} fk_forward_sum_squares;

/// `s ← c·s + b·f` and the sums of squares with the new s, in one pass. `result` may be the memory of s.
fk_forward_sum_squares fk_advance_forward_sum(
    int64_t count, fk_forward_sum_step step, float *result, int threads);

// Descent.

/// `s ← scale·gradient + decay·parameter`, `velocity ← momentum·velocity + a·s`,
/// `parameter ← parameter − (b·velocity + c·s)`.
typedef struct {
    float gradient_scale;
    float decay;
    float momentum;
    /// a.
    float slope_in_velocity;
    /// b.
    float velocity_in_step;
    /// c.
    float slope_in_step;
} fk_momentum_step;

void fk_descend(
    int64_t count, float *parameter, float *velocity, const float *gradient, fk_momentum_step step,
    int threads);

#endif
