import Foundation

// Circular and hyperbolic functions and their inverses, beside `Sin`, `Cos` and `Tanh`. Outside the domain they are
// NaN.

/// tan x.
public struct Tan: ElementwiseOperator {
    public init() {}
    public var name: String { "Tan" }
    public func value(at x: Double) -> Double { tan(x) }
    public func derivative(at x: Double) -> Double { 1 / (cos(x) * cos(x)) }
}

/// arcsin x.
public struct Asin: ElementwiseOperator {
    public init() {}
    public var name: String { "Asin" }
    public func value(at x: Double) -> Double { asin(x) }
    public func derivative(at x: Double) -> Double { 1 / ((1 - x) * (1 + x)).squareRoot() }
}

/// arccos x.
public struct Acos: ElementwiseOperator {
    public init() {}
    public var name: String { "Acos" }
    public func value(at x: Double) -> Double { acos(x) }
    public func derivative(at x: Double) -> Double { -1 / ((1 - x) * (1 + x)).squareRoot() }
}

/// arctan x.
public struct Atan: ElementwiseOperator {
    public init() {}
    public var name: String { "Atan" }
    public func value(at x: Double) -> Double { atan(x) }
    public func derivative(at x: Double) -> Double { 1 / (1 + x * x) }
}

/// sinh x.
public struct Sinh: ElementwiseOperator {
    public init() {}
    public var name: String { "Sinh" }
    public func value(at x: Double) -> Double { sinh(x) }
    public func derivative(at x: Double) -> Double { cosh(x) }
}

/// cosh x.
public struct Cosh: ElementwiseOperator {
    public init() {}
    public var name: String { "Cosh" }
    public func value(at x: Double) -> Double { cosh(x) }
    public func derivative(at x: Double) -> Double { sinh(x) }
}

/// arsinh x.
public struct Asinh: ElementwiseOperator {
    public init() {}
    public var name: String { "Asinh" }
    public func value(at x: Double) -> Double { asinh(x) }
    public func derivative(at x: Double) -> Double { 1 / hypot(1, x) }
}

/// arcosh x.
public struct Acosh: ElementwiseOperator {
    public init() {}
    public var name: String { "Acosh" }
    public func value(at x: Double) -> Double { acosh(x) }
    public func derivative(at x: Double) -> Double { 1 / ((x - 1).squareRoot() * (x + 1).squareRoot()) }
}

/// artanh x.
public struct Atanh: ElementwiseOperator {
    public init() {}
    public var name: String { "Atanh" }
    public func value(at x: Double) -> Double { atanh(x) }
    public func derivative(at x: Double) -> Double { 1 / ((1 - x) * (1 + x)) }
}
