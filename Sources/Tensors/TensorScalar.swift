/// An element type that networks compute in: `Float` for speed, `Double` for proof.
public protocol TensorScalar: BinaryFloatingPoint, SIMDScalar, Codable, LosslessStringConvertible, Sendable {
    init(_ value: Double)
    init(_ value: Float)
    /// `single` or `double`, as the command line says it.
    static var precisionName: String { get }
}

extension Float: TensorScalar {
    public static var precisionName: String { "single" }
}

extension Double: TensorScalar {
    public static var precisionName: String { "double" }
}
