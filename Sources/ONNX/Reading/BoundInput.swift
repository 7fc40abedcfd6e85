import Kernels
import Operators
import Tensors

/// An input of a model with the array that a batch gives it.
struct BoundInput<Scalar: KernelScalar>: Sendable {
    let name: String
    let type: ElementType
    let value: Value<Scalar>

    /// Binds inputs to arrays by name. A symbolic extent takes the size found there, a fixed one must equal it.
    ///
    /// - Parameter declared: those that are needed.
    /// - Throws: `ModelReadingError`.
    static func all(
        _ declared: [FileValue], to arrays: [String: Value<Scalar>]
    ) throws(ModelReadingError) -> [BoundInput] {
        var symbols: [String: Int] = [:]
        var bound: [BoundInput] = []
        for input in declared {
            guard let value = arrays[input.name] else {
                throw .noArray(input.name, arrays: Array(arrays.keys))
            }
            try fit(value.shape, to: input, &symbols)
            let type = input.type ?? .float32
            bound.append(
                BoundInput(name: input.name, type: type, value: try converted(value, for: input, type)))
        }
        return bound
    }

    private static func fit(
        _ shape: Shape, to input: FileValue, _ symbols: inout [String: Int]
    ) throws(ModelReadingError) {
        guard let extents = input.extents else { return }
        func refusal() -> ModelReadingError {
            .arrayShape(input.name, found: shape, wanted: input.extentsText)
        }
        guard extents.count == shape.rank else { throw refusal() }
        for (axis, extent) in extents.enumerated() {
            switch extent {
            case .unknown: break
            case .fixed(let size): guard size == shape[axis] else { throw refusal() }
            case .symbol(let name):
                if let size = symbols[name], size != shape[axis] {
                    throw .symbol(name, size, shape[axis], input: input.name)
                }
                symbols[name] = shape[axis]
            }
        }
    }

    /// Whole numbers serve as real ones, not the other way round.
    private static func converted(
        _ value: Value<Scalar>, for input: FileValue, _ type: ElementType
    ) throws(ModelReadingError) -> Value<Scalar> {
        switch (value, type.kind) {
        case (.real, .real), (.whole, .whole), (.whole, .condition): return value
        case (.whole(let whole), .real):
            return Value(Tensor(rounding: whole.elements.map(Double.init), shape: whole.shape))
        case (.real, _): throw .arrayKind(input.name, wantsWhole: true)
        case (.whole, _): throw .arrayKind(input.name, wantsWhole: false)
        }
    }
}

extension FileValue {
    /// Such as (batch, 3, 224, 224).
    public var extentsText: String {
        guard let extents else { return "of any rank" }
        return "(" + extents.map(\.description).joined(separator: ", ") + ")"
    }
}

extension FileValue.Extent: CustomStringConvertible {
    public var description: String {
        switch self {
        case .fixed(let size): "\(size)"
        case .symbol(let name): name
        case .unknown: "?"
        }
    }
}
