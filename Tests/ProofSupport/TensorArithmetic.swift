import Kernels
import NumericalMethods
import Tensors

// Tensor arithmetic by plain loops over (N, C, H, W) elements in Double: independent of every kernel.

/// Normal numbers of the stream `name`.
public func randomTensor<Scalar: KernelScalar>(
    _ shape: Shape, seed: UInt64, name: String, as type: Scalar.Type = Scalar.self, block: Int = 1
) -> Tensor<Scalar> {
    var stream = RandomStream(seed: seed, name: name)
    return Tensor((0..<shape.count).map { _ in Scalar(stream.normal()) }, shape: shape, block: block)
}

public func inner<Scalar: KernelScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Double {
    precondition(a.shape == b.shape, "\(a.shape) against \(b.shape)")
    return zip(a.elements, b.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

/// √Σ x², scaled so that no square leaves the range.
public func norm<Scalar: KernelScalar>(_ x: Tensor<Scalar>) -> Double {
    let elements = x.elements.map { Double($0) }
    let largest = elements.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return largest }
    return largest * elements.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
}

/// a·x + b·y.
public func combination<Scalar: KernelScalar>(
    _ a: Double, _ x: Tensor<Scalar>, _ b: Double, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
    precondition(x.shape == y.shape, "\(x.shape) against \(y.shape)")
    let sums = zip(x.elements, y.elements).map { Scalar(a * Double($0) + b * Double($1)) }
    return Tensor(sums, shape: x.shape)
}

/// ‖a − b‖ / max(‖a‖, ‖b‖); 0 if both are 0, infinite if the shapes differ or a value is not finite.
public func relativeError<Scalar: KernelScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Double {
    guard a.shape == b.shape else { return .infinity }
    let largest = max(norm(a), norm(b))
    guard largest > 0 else { return 0 }
    let error = norm(combination(1, a, -1, b)) / largest
    return error.isFinite ? error : .infinity
}
