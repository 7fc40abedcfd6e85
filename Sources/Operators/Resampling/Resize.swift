import Kernels
import Tensors

/// Some axes brought to other extents by interpolation between elements, axis by axis; ONNX `Resize` without antialiasing
/// and without cropping. Beyond the ends stands the last element.
public struct Resize: Operator {
    public enum Target: Sendable, Hashable {
        /// New extents.
        case extents([Int])
        /// New over old ones; what is left of an element is dropped.
        case scales([Double])
    }

    public let target: Target
    /// Those that the target speaks of; all where it is `nil`.
    public let axes: [Int]?
    public let mode: Interpolation.Mode
    public let coordinates: Interpolation.Coordinates

    public init(
        to target: Target, axes: [Int]? = nil, mode: Interpolation.Mode = .nearest(),
        coordinates: Interpolation.Coordinates = .halfPixel
    ) {
        self.target = target
        self.axes = axes
        self.mode = mode
        self.coordinates = coordinates
    }

    public var name: String { "Resize" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        var extents = operands[0].axes
        for (axis, interpolation) in try interpolations(of: operands[0]) {
            extents[axis] = interpolation.outputs
        }
        return try result(extents, of: operands)
    }

    /// Of the axes that change, in order.
    private func interpolations(of shape: Shape) throws -> [(axis: Int, Interpolation)] {
        let places = try (axes ?? Array(0..<shape.rank)).map { try axis($0, of: shape) }
        let (count, value): (Int, Any) =
            switch target {
            case .extents(let extents): (extents.count, extents)
            case .scales(let scales): (scales.count, scales)
            }
        func refuse(_ requirement: String) -> OperatorError {
            .attribute(
                operation: name, attribute: "sizes or scales", value: "\(value)",
                requirement: "\(requirement) with an operand of shape \(shape)")
        }
        guard count == places.count, Set(places).count == count else {
            throw refuse("there is one for each axis")
        }
        return try places.enumerated().compactMap { index, axis in
            let interpolation =
                switch target {
                case .extents(let extents):
                    Interpolation(from: shape[axis], to: extents[index], mode, coordinates)
                case .scales(let scales):
                    Interpolation(from: shape[axis], scale: scales[index], mode, coordinates)
                }
            guard let interpolation else { throw refuse("one element or more has to come of one or more") }
            return interpolation.isIdentity ? nil : (axis, interpolation)
        }
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        _ = try shape(of: operands.map(\.shape))
        return Evaluation(try resized(try operands[0].tensor))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(try resized(tangent)) }

    private func resized<Scalar: KernelScalar>(_ x: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let kernels = Scalar.kernels
        return try interpolations(of: x.shape).reduce(x) { x, step in
            let (axis, interpolation) = step
            var shape = x.shape
            shape[axis] = interpolation.outputs
            return interpolation.taps.reduce(Tensor<Scalar>(zeros: shape)) { sum, tap in
                var taken = Tensor<Scalar>(zeros: shape)
                kernels.copy(x, by: tap.move(along: axis, of: x.shape), into: &taken)
                return kernels.combine(sum, 1, tap.weighted(taken, along: axis), 1)
            }
        }
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let interpolations = try interpolations(of: point.shapes[0])
        return ScaledTensor(
            interpolations.reversed().reduce(cotangent) { c, step in
                let (axis, interpolation) = step
                var shape = c.shape
                shape[axis] = interpolation.inputs
                var pulled = Tensor<Scalar>(zeros: shape)
                for tap in interpolation.taps {
                    Scalar.kernels.addBack(
                        tap.weighted(c, along: axis), by: tap.move(along: axis, of: shape), into: &pulled)
                }
                return pulled
            })
    }
}
