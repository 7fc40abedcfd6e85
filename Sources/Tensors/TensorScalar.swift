/// An element type that networks compute in: `Float` for speed, `Double` for proof.
public protocol TensorScalar: BinaryFloatingPoint, SIMDScalar, Codable, LosslessStringConvertible, Sendable {
    init(_ value: Double)
    init(_ value: Float)
    /// `single` or `double`, as the command line says it.
    static var precisionName: String { get }
    // A requirement each, because a conversion element by element in generic code costs a heap object each.
    /// In Double, exactly.
    static func doubles(_ elements: UnsafeBufferPointer<Self>) -> [Double]
    /// Each rounded to the nearest.
    static func rounding(_ values: [Double]) -> [Self]
}

extension Float: TensorScalar {
    public static var precisionName: String { "single" }
    public static func doubles(_ elements: UnsafeBufferPointer<Float>) -> [Double] {
        elements.map { Double($0) }
    }
    public static func rounding(_ values: [Double]) -> [Float] { values.map { Float($0) } }
}

extension Double: TensorScalar {
    public static var precisionName: String { "double" }
    public static func doubles(_ elements: UnsafeBufferPointer<Double>) -> [Double] { Array(elements) }
    public static func rounding(_ values: [Double]) -> [Double] { values }
}

extension Tensor {
    /// A tensor from numbers in (N, C, H, W) order, each rounded to the nearest.
    public init(rounding values: [Double], shape: Shape) {
        self.init(Scalar.rounding(values), shape: shape)
    }

    /// The elements in (N, C, H, W) order, exactly.
    public var doubles: [Double] {
        block == 1
            ? withUnsafeBufferPointer { Scalar.doubles($0) }
            : elements.withUnsafeBufferPointer { Scalar.doubles($0) }
    }
}
