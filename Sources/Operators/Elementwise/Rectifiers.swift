import Expressions
import Foundation
import Kernels
import Tensors

// Activations that are linear on either side of 0. At the kink each takes the slope that PyTorch takes.

/// max(0, x), with derivative 0 at 0; ONNX `Relu`. A NaN stays one.
public struct Relu: ElementwiseOperator {
    public init() {}
    public var name: String { "Relu" }
    public func value(at x: Double) -> Double { Function.relu.value(at: x) }
    public func derivative(at x: Double) -> Double { x <= 0 ? 0 : 1 }
    public var truncatesNegatives: Bool { true }

    public func fused(
        with producer: any Operator, of inner: [Shape], in slot: Int, shapes: [Shape]
    ) -> (any Operator)? {
        (producer as? BatchNorm)?.rectified
    }

    /// The result is positive where the operand is.
    public func reads(for slot: Int) -> Reads { Reads(result: true) }

    // Kernels have both.

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        Evaluation(Scalar.kernels.rectify(try operands[0].tensor))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: consuming Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        ScaledTensor(Scalar.kernels.keep(cotangent, wherePositive: try point.result))
    }
}

/// x above 0, αx elsewhere; ONNX `LeakyRelu`.
public struct LeakyRelu: ElementwiseOperator {
    public let alpha: Double

    public init(alpha: Double = 0.01) { self.alpha = alpha }

    public var name: String { "LeakyRelu" }
    public func value(at x: Double) -> Double { x > 0 ? x : alpha * x }
    public func derivative(at x: Double) -> Double { x > 0 ? 1 : alpha }
}

/// x above 0, α(eˣ − 1) elsewhere (Clevert et al., 2016); ONNX `Elu`.
public struct Elu: ElementwiseOperator {
    public let alpha: Double

    public init(alpha: Double = 1) { self.alpha = alpha }

    public var name: String { "Elu" }
    public func value(at x: Double) -> Double { x > 0 ? x : alpha * expm1(x) }
    public func derivative(at x: Double) -> Double { x > 0 ? 1 : alpha * exp(x) }
}

/// x above 0, α(e^(x/α) − 1) elsewhere, with slope 1 at 0 whatever α is (Barron, 2017); ONNX `Celu`.
public struct Celu: ElementwiseOperator {
    public let alpha: Double

    public init(alpha: Double = 1) { self.alpha = alpha }

    public var name: String { "Celu" }
    public func value(at x: Double) -> Double { x > 0 ? x : alpha * expm1(x / alpha) }
    public func derivative(at x: Double) -> Double { x > 0 ? 1 : exp(x / alpha) }
}

/// x above a threshold, else 0, with derivative 0 at the threshold; ONNX `ThresholdedRelu`.
public struct ThresholdedRelu: ElementwiseOperator {
    public let alpha: Double

    public init(alpha: Double = 1) { self.alpha = alpha }

    public var name: String { "ThresholdedRelu" }
    public func value(at x: Double) -> Double { x <= alpha ? 0 : x }
    public func derivative(at x: Double) -> Double { x <= alpha ? 0 : 1 }
}

/// x brought nearer to 0 by a bias, and to 0 between −λ and λ, with derivative 0 there; ONNX `Shrink`.
public struct Shrink: ElementwiseOperator {
    public let lambda: Double
    public let bias: Double

    public init(lambda: Double = 0.5, bias: Double = 0) {
        self.lambda = lambda
        self.bias = bias
    }

    public var name: String { "Shrink" }
    public func value(at x: Double) -> Double {
        x < -lambda ? x + bias : x > lambda ? x - bias : x.isNaN ? x : 0
    }
    public func derivative(at x: Double) -> Double { x < -lambda || x > lambda ? 1 : 0 }
}

/// γ times ELU (Klambauer et al., 2017); ONNX `Selu`.
public struct Selu: ElementwiseOperator {
    public let alpha: Double
    public let gamma: Double

    /// The constants that keep mean 0 and variance 1.
    public init(alpha: Double = 1.6732632423543772848, gamma: Double = 1.0507009873554804934) {
        self.alpha = alpha
        self.gamma = gamma
    }

    public var name: String { "Selu" }
    public func value(at x: Double) -> Double { gamma * Elu(alpha: alpha).value(at: x) }
    public func derivative(at x: Double) -> Double { gamma * Elu(alpha: alpha).derivative(at: x) }
}

/// x between two bounds, with derivative 1 at the bounds and 0 outside; ONNX `Clip` with constant bounds: ReLU6, hard tanh.
/// Of bounds that leave nothing between them the upper one counts.
public struct Clip: ElementwiseOperator {
    public let lowest: Double
    public let highest: Double

    public init(from lowest: Double = -.infinity, to highest: Double = .infinity) {
        self.lowest = lowest
        self.highest = highest
    }

    public init(_ bounds: ClosedRange<Double>) { self.init(from: bounds.lowerBound, to: bounds.upperBound) }

    public var name: String { "Clip" }
    public func value(at x: Double) -> Double {
        // In this order a NaN stays one.
        let raised = x < lowest ? lowest : x
        return raised > highest ? highest : raised
    }
    public func derivative(at x: Double) -> Double { x >= lowest && x <= highest ? 1 : 0 }
}

/// min(1, max(0, αx + β)), with derivative 0 at the kinks; ONNX `HardSigmoid`.
public struct HardSigmoid: ElementwiseOperator {
    public let alpha: Double
    public let beta: Double

    public init(alpha: Double = 0.2, beta: Double = 0.5) {
        self.alpha = alpha
        self.beta = beta
    }

    public var name: String { "HardSigmoid" }
    public func value(at x: Double) -> Double { Clip(0...1).value(at: alpha * x + beta) }
    public func derivative(at x: Double) -> Double {
        let inner = alpha * x + beta
        return inner > 0 && inner < 1 ? alpha : 0
    }
}

/// x·min(1, max(0, x/6 + ½)) (Howard et al., 2019); ONNX `HardSwish`.
public struct HardSwish: ElementwiseOperator {
    public init() {}
    public var name: String { "HardSwish" }
    public func value(at x: Double) -> Double { x * Clip(0...1).value(at: x / 6 + 0.5) }
    public func derivative(at x: Double) -> Double {
        if x <= -3 { return 0 }
        return x >= 3 ? 1 : x / 3 + 0.5
    }
}
