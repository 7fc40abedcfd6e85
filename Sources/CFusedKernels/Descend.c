#include "CFusedKernels.h"
#include "Lanes.h"

#define PIECE 1024

struct context {
    int64_t count;
    float *parameter;
    float *velocity;
    const float *gradient;
    fk_momentum_step step;
};

static FK_CLONES void descend(const void *argument, int64_t begin, int64_t end) {
    const struct context *context = argument;
    float *restrict parameter = context->parameter, *restrict velocity = context->velocity;
    const float *restrict gradient = context->gradient;
    const fk_momentum_step step = context->step;
    begin *= PIECE;
    end = end * PIECE < context->count ? end * PIECE : context->count;
    for (int64_t i = begin; i < end; ++i) {
        const float slope = step.gradient_scale * gradient[i] + step.decay * parameter[i];
        const float speed = step.momentum * velocity[i] + step.slope_in_velocity * slope;
        velocity[i] = speed;
        parameter[i] -= step.velocity_in_step * speed + step.slope_in_step * slope;
    }
}

void fk_descend(
    int64_t count, float *parameter, float *velocity, const float *gradient, fk_momentum_step step,
    int threads
) {
    const struct context context = {count, parameter, velocity, gradient, step};
    fk_split(descend, &context, (count + PIECE - 1) / PIECE, count, threads);
}
