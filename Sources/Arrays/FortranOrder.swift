import Tensors

extension NamedArray.Numbers {
    /// Numbers that lie with their first index running fastest, in row-major order.
    func fromFortranOrder(_ shape: Shape) -> Self {
        switch self {
        case .single(let numbers): .single(Self.rowMajor(numbers, shape))
        case .double(let numbers): .double(Self.rowMajor(numbers, shape))
        case .whole(let numbers): .whole(Self.rowMajor(numbers, shape))
        }
    }

    private static func rowMajor<Number>(_ numbers: [Number], _ shape: Shape) -> [Number] {
        guard shape.rank > 1 else { return numbers }
        let last = shape.rank - 1
        let strides = Array(Shape(axes: Array(shape.axes.reversed())).strides.reversed())
        // Where each row begins.
        var places = [0]
        for axis in 0..<last {
            places = places.flatMap { place in (0..<shape[axis]).map { place + $0 * strides[axis] } }
        }
        var result: [Number] = []
        result.reserveCapacity(numbers.count)
        for place in places {
            for index in 0..<shape[last] { result.append(numbers[place + index * strides[last]]) }
        }
        return result
    }
}
