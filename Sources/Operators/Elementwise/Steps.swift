import Expressions

// Functions that are constant but for jumps, so that the signal ends at them.

/// The greatest whole number that is not above x; ONNX `Floor`.
public struct Floor: StepFunction {
    public init() {}
    public var name: String { "Floor" }
    public func value(at x: Double) -> Double { x.rounded(.down) }
}

/// The smallest whole number that is not below x; ONNX `Ceil`.
public struct Ceil: StepFunction {
    public init() {}
    public var name: String { "Ceil" }
    public func value(at x: Double) -> Double { x.rounded(.up) }
}

/// The nearest whole number, and of two the even one; ONNX `Round`.
public struct Round: StepFunction {
    public init() {}
    public var name: String { "Round" }
    public func value(at x: Double) -> Double { x.rounded(.toNearestOrEven) }
}

/// 1 above 0, −1 below, 0 at 0; ONNX `Sign`.
public struct Sign: StepFunction {
    public init() {}
    public var name: String { "Sign" }
    public func value(at x: Double) -> Double { Function.sign.value(at: x) }
    public func value(ofWhole x: Int) -> (partialValue: Int, overflow: Bool)? { (x.signum(), false) }
}

/// A function of single elements that no derivative passes.
public protocol StepFunction: ElementwiseOperator {}

extension StepFunction {
    public func isDifferentiable(in slot: Int) -> Bool { false }
    public func derivative(at x: Double) -> Double { 0 }
}
