import Tensors

extension ReferenceKernels {
    public func descend(
        _ parameter: inout Tensor<Double>, velocity: inout Tensor<Double>, gradient: Tensor<Double>,
        _ step: MomentumStep
    ) {
        precondition(
            parameter.storedCount == gradient.storedCount && velocity.storedCount == gradient.storedCount,
            "a gradient of \(gradient.shape) for a parameter of \(parameter.shape)")
        parameter.withUnsafeMutableBufferPointer { parameter in
            velocity.withUnsafeMutableBufferPointer { velocity in
                gradient.withUnsafeBufferPointer { gradient in
                    for index in 0..<parameter.count {
                        let slope = step.gradientScale * gradient[index] + step.decay * parameter[index]
                        velocity[index] = step.momentum * velocity[index] + step.slopeInVelocity * slope
                        parameter[index] -=
                            step.velocityInStep * velocity[index] + step.slopeInStep * slope
                    }
                }
            }
        }
    }
}
