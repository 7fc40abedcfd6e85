import Expressions

// Functions of single elements as ONNX names them. What leaves their domain gives what IEEE arithmetic gives: ±∞ or NaN.

/// −x.
public struct Neg: ElementwiseOperator {
    public init() {}
    public var name: String { "Neg" }
    public func value(at x: Double) -> Double { -x }
    public func derivative(at x: Double) -> Double { -1 }
    public func value(ofWhole x: Int) -> (partialValue: Int, overflow: Bool)? {
        0.subtractingReportingOverflow(x)
    }
}

/// |x|, with derivative 0 at 0.
public struct Abs: ElementwiseOperator {
    public init() {}
    public var name: String { "Abs" }
    public func value(at x: Double) -> Double { Function.abs.value(at: x) }
    public func derivative(at x: Double) -> Double { Function.sign.value(at: x) }
    public func value(ofWhole x: Int) -> (partialValue: Int, overflow: Bool)? {
        x < 0 ? 0.subtractingReportingOverflow(x) : (x, false)
    }
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
    public func value(at x: Double) -> Double { Function.sqrt.value(at: x) }
    public func derivative(at x: Double) -> Double { 0.5 / value(at: x) }
}

/// eˣ.
public struct Exp: ElementwiseOperator {
    public init() {}
    public var name: String { "Exp" }
    public func value(at x: Double) -> Double { Function.exp.value(at: x) }
    public func derivative(at x: Double) -> Double { value(at: x) }
}

/// log x, the natural logarithm.
public struct Log: ElementwiseOperator {
    public init() {}
    public var name: String { "Log" }
    public func value(at x: Double) -> Double { Function.log.value(at: x) }
    public func derivative(at x: Double) -> Double { 1 / x }
}

/// sin x.
public struct Sin: ElementwiseOperator {
    public init() {}
    public var name: String { "Sin" }
    public func value(at x: Double) -> Double { Function.sin.value(at: x) }
    public func derivative(at x: Double) -> Double { Function.cos.value(at: x) }
}

/// cos x.
public struct Cos: ElementwiseOperator {
    public init() {}
    public var name: String { "Cos" }
    public func value(at x: Double) -> Double { Function.cos.value(at: x) }
    public func derivative(at x: Double) -> Double { -Function.sin.value(at: x) }
}
