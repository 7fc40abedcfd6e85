import CFusedKernels
import Tensors

extension OneDNNKernels {
    public func descend(
        _ parameter: inout Tensor<Float>, velocity: inout Tensor<Float>, gradient: Tensor<Float>,
        _ step: MomentumStep
    ) {
        precondition(
            parameter.storedCount == gradient.storedCount && velocity.storedCount == gradient.storedCount,
            "a gradient of \(gradient.shape) for a parameter of \(parameter.shape)")
        parameter.withUnsafeMutableBufferPointer { parameter in
            velocity.withUnsafeMutableBufferPointer { velocity in
                withElements(gradient) { gradient in
                    fk_descend(
                        Int64(parameter.count), parameter.baseAddress, velocity.baseAddress, gradient,
                        fk_momentum_step(step), threads)
                }
            }
        }
    }
}

extension fk_momentum_step {
    fileprivate init(_ step: MomentumStep) {
        self.init(
            gradient_scale: Float(step.gradientScale), decay: Float(step.decay),
            momentum: Float(step.momentum), slope_in_velocity: Float(step.slopeInVelocity),
            velocity_in_step: Float(step.velocityInStep), slope_in_step: Float(step.slopeInStep))
    }
}
