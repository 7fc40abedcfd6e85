import Foundation

// Functions of single elements as ONNX names them. What leaves their domain gives what IEEE arithmetic gives: ±∞ or NaN.

/// −x.
public struct Neg: ElementwiseOperator {
    public init() {}
    public var name: String { "Neg" }
    public func value(at x: Double) -> Double { -x }
    public func derivative(at x: Double) -> Double { -1 }
}

/// |x|, with derivative 0 at 0.
public struct Abs: ElementwiseOperator {
    public init() {}
    public var name: String { "Abs" }
    public func value(at x: Double) -> Double { abs(x) }
    public func derivative(at x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : 0 }
}

/// 1/x.
public struct Reciprocal: ElementwiseOperator {
    public init() {}
    public var name: String { "Reciprocal" }
    public func value(at x: Double) -> Double { 1 / x }
    public func derivative(at x: Double) -> Double { -1 / (x * x) }
}

/// √x, with an infinite derivative at 0.
public struct Sqrt: ElementwiseOperator {
    public init() {}
    public var name: String { "Sqrt" }
    public func value(at x: Double) -> Double { x.squareRoot() }
    public func derivative(at x: Double) -> Double { 0.5 / x.squareRoot() }
}

/// eˣ.
public struct Exp: ElementwiseOperator {
    public init() {}
    public var name: String { "Exp" }
    public func value(at x: Double) -> Double { exp(x) }
    public func derivative(at x: Double) -> Double { exp(x) }
}

/// log x, the natural logarithm.
public struct Log: ElementwiseOperator {
    public init() {}
    public var name: String { "Log" }
    public func value(at x: Double) -> Double { log(x) }
    public func derivative(at x: Double) -> Double { 1 / x }
}

/// sin x.
public struct Sin: ElementwiseOperator {
    public init() {}
    public var name: String { "Sin" }
    public func value(at x: Double) -> Double { sin(x) }
    public func derivative(at x: Double) -> Double { cos(x) }
}

/// cos x.
public struct Cos: ElementwiseOperator {
    public init() {}
    public var name: String { "Cos" }
    public func value(at x: Double) -> Double { cos(x) }
    public func derivative(at x: Double) -> Double { -sin(x) }
}
