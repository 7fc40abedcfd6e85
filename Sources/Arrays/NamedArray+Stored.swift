import Tensors

extension NamedArray {
    /// - Parameters:
    ///   - axes: as a file says them.
    ///   - bytes: exactly those of the elements.
    init(
        _ name: String, storedShape axes: [Int], _ type: StoredType, _ bytes: ArraySlice<UInt8>,
        isFortranOrder: Bool = false
    ) throws(ArrayRefusal) {
        guard let shape = Shape(ofFile: axes, elementSize: type.size) else {
            throw .malformed(
                axes.count > Shape.greatestRank
                    ? "has \(axes.count) axes, and at most \(Shape.greatestRank) are read"
                    : "has a shape that no array has")
        }
        let expected = shape.count * type.size
        guard bytes.count >= expected else {
            throw .malformed(
                "is cut short: its shape \(shape) needs \(expected) bytes, and \(bytes.count) are there")
        }
        guard bytes.count == expected else {
            throw .malformed("has \(bytes.count - expected) bytes more than its shape \(shape) needs")
        }
        guard let numbers = bytes.withUnsafeBytes({ type.numbers($0) }) else {
            throw .otherNumbers("whole numbers beyond 2^63 − 1; save int64")
        }
        self.init(name, shape: shape, numbers: isFortranOrder ? numbers.fromFortranOrder(shape) : numbers)
    }
}
