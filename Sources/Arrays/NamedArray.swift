import Tensors

/// An array of a file: numbers in row-major order, with a shape and a name.
public struct NamedArray: Sendable, Equatable {
    /// Numbers as they are computed with.
    public enum Numbers: Sendable, Equatable {
        /// Stored in 32 bits or fewer.
        case single([Float])
        case double([Double])
        /// Integers of every size; conditions are 0 and 1.
        case whole([Int])
    }

    public let name: String
    public let shape: Shape
    /// As many as the shape has.
    public let numbers: Numbers

    init(_ name: String, shape: Shape, numbers: Numbers) {
        (self.name, self.shape, self.numbers) = (name, shape, numbers)
    }

    /// The real numbers in the precision of a run, each rounded to the nearest; `nil` of whole ones.
    public func tensor<Scalar: TensorScalar>(of type: Scalar.Type = Scalar.self) -> Tensor<Scalar>? {
        switch numbers {
        case .single(let numbers):
            let same = numbers as? [Scalar]
            return same.map { Tensor($0, shape: shape) }
                ?? Tensor(rounding: Float.doubles(numbers), shape: shape)
        case .double(let numbers): return Tensor(rounding: numbers, shape: shape)
        case .whole: return nil
        }
    }

    /// The whole numbers; `nil` of real ones.
    public var wholes: [Int]? {
        guard case .whole(let numbers) = numbers else { return nil }
        return numbers
    }
}

extension Float {
    fileprivate static func doubles(_ numbers: [Float]) -> [Double] {
        numbers.withUnsafeBufferPointer { doubles($0) }
    }
}
