#include "CFusedKernels.h"
#include "Functions.h"

// The steps of a program over registers, each over some hundred elements, on the calling thread.

/// Over whole lanes.
typedef void (*step_body)(int64_t count, const float *x, const float *y, const float *z, float *result);

#define FK_STEP(name, ...)                                                                \
    static FK_CLONES void name(                                                           \
        int64_t count, const float *x, const float *y, const float *z, float *result      \
    ) {                                                                                   \
        (void)y, (void)z;                                                                 \
        for (int64_t at = 0; at < count; at += FK_LANES) {                                \
            fk_lanes a = FK_LOAD(x + at);                                                 \
            __VA_ARGS__                                                                   \
            FK_STORE(result + at, a);                                                     \
        }                                                                                 \
    }
#define FK_UNARY(name, ...) FK_STEP(name, __VA_ARGS__)
#define FK_BINARY(name, ...) FK_STEP(name, const fk_lanes b = FK_LOAD(y + at); a = __VA_ARGS__;)
#define FK_TERNARY(name, ...) \
    FK_STEP(name, const fk_lanes b = FK_LOAD(y + at), c = FK_LOAD(z + at); a = __VA_ARGS__;)

#define FK_ZEROS ((fk_lanes){})
#define FK_ONES ((fk_lanes){} + 1)

FK_UNARY(take_exp, fk_exp(&a);)
FK_UNARY(take_log, fk_log(&a);)
FK_UNARY(take_sqrt, a = __builtin_elementwise_sqrt(a);)
FK_UNARY(take_sin, fk_sine(&a, 0);)
FK_UNARY(take_cos, fk_sine(&a, 1);)
FK_UNARY(take_tanh, fk_tanh(&a);)
FK_UNARY(take_sigmoid, fk_logistic(&a);)
FK_UNARY(take_erf, fk_erf(&a);)
FK_UNARY(take_softplus, fk_softplus(&a);)
FK_UNARY(take_relu, a = FK_WHERE(~(a <= 0), a);)
FK_UNARY(take_gelu, fk_gelu(&a);)
FK_UNARY(take_silu, fk_silu(&a);)
FK_UNARY(take_abs, a = FK_MAGNITUDE(a);)
FK_UNARY(take_sign, a = FK_SELECT(a > 0, FK_ONES, FK_SELECT(a < 0, -FK_ONES, a));)
FK_UNARY(take_unit_step, a = FK_SELECT(a > 0, FK_ONES, FK_SELECT(a < 0, FK_ZEROS, a + 0.5f));)

FK_BINARY(take_sum, a + b)
FK_BINARY(take_difference, a - b)
// A factor of 0 decides, whatever the other is.
FK_BINARY(take_product, FK_WHERE((a != 0) & (b != 0), a * b))
FK_BINARY(take_quotient, a / b)
// A NaN of either operand stays one.
FK_BINARY(take_min, FK_SELECT(a < b, a, FK_SELECT(b <= a, b, a + b)))
FK_BINARY(take_max, FK_SELECT(a > b, a, FK_SELECT(b >= a, b, a + b)))
FK_STEP(take_power, const fk_lanes b = FK_LOAD(y + at); fk_power(&a, &b);)
FK_BINARY(take_leaky_relu, FK_SELECT(a > 0, a, b * a))

FK_BINARY(take_less, FK_WHERE(a < b, FK_ONES))
FK_BINARY(take_at_most, FK_WHERE(a <= b, FK_ONES))
FK_BINARY(take_greater, FK_WHERE(a > b, FK_ONES))
FK_BINARY(take_at_least, FK_WHERE(a >= b, FK_ONES))
FK_BINARY(take_equal, FK_WHERE(a == b, FK_ONES))
FK_BINARY(take_unequal, FK_WHERE(a != b, FK_ONES))

FK_TERNARY(take_choice, FK_SELECT(a != 0, b, c))
FK_TERNARY(take_clipped, FK_SELECT(FK_SELECT(a < b, b, a) > c, c, FK_SELECT(a < b, b, a)))

static step_body body_of(fk_step_action action) {
    switch (action) {
    case fk_take_exp: return take_exp;
    case fk_take_log: return take_log;
    case fk_take_sqrt: return take_sqrt;
    case fk_take_sin: return take_sin;
    case fk_take_cos: return take_cos;
    case fk_take_tanh: return take_tanh;
    case fk_take_sigmoid: return take_sigmoid;
    case fk_take_erf: return take_erf;
    case fk_take_softplus: return take_softplus;
    case fk_take_relu: return take_relu;
    case fk_take_gelu: return take_gelu;
    case fk_take_silu: return take_silu;
    case fk_take_abs: return take_abs;
    case fk_take_sign: return take_sign;
    case fk_take_unit_step: return take_unit_step;
    case fk_take_sum: return take_sum;
    case fk_take_difference: return take_difference;
    case fk_take_product: return take_product;
    case fk_take_quotient: return take_quotient;
    case fk_take_power: return take_power;
    case fk_take_min: return take_min;
    case fk_take_max: return take_max;
    case fk_take_leaky_relu: return take_leaky_relu;
    case fk_take_less: return take_less;
    case fk_take_at_most: return take_at_most;
    case fk_take_greater: return take_greater;
    case fk_take_at_least: return take_at_least;
    case fk_take_equal: return take_equal;
    case fk_take_unequal: return take_unequal;
    case fk_take_choice: return take_choice;
    case fk_take_clipped: return take_clipped;
    }
    __builtin_unreachable();
}

void fk_take_step(
    fk_step_action action, int64_t count, const float *x, const float *y, const float *z, float *result
) {
    const step_body body = body_of(action);
    const int64_t left = count % FK_LANES, whole = count - left;
    body(whole, x, y, z, result);
    if (left == 0) return;
    float lanes[3][FK_LANES] = {{0}};
    const float *const operands[3] = {x, y, z};
    for (int index = 0; index < 3; ++index)
        memcpy(lanes[index], operands[index] + whole, left * sizeof(float));
    body(FK_LANES, lanes[0], lanes[1], lanes[2], lanes[0]);
    memcpy(result + whole, lanes[0], left * sizeof(float));
}
