import Files
import Tensors

/// A tensor of a file: its type, its shape and where its numbers are.
public struct FileTensor: Sendable {
    public var name: String
    public var type: ElementType
    public var shape: Shape
    public var content: Content

    public enum Content: Sendable {
        /// Row by row, little-endian, in `type`'s size (`raw_data`, or in a file of its own).
        case bytes(MappedBytes)
        /// Numbers that were written one by one, or are to be written.
        case float32([Float])
        case reals([Double])
        /// Of a network's tensors, whose memory they share; in a tensor of conditions what is not 0 is true.
        case single(Tensor<Float>)
        case double(Tensor<Double>)
        /// Of `uint64` the bit pattern.
        case wholes([Int])
        /// Of a type that is not read.
        case unread
    }

    public init(_ name: String, type: ElementType, shape: Shape, content: Content) {
        self.name = name
        self.type = type
        self.shape = shape
        self.content = content
    }
}

extension FileTensor {
    /// What is wrong with the content, as the end of a sentence that begins with the tensor; `nil` where it fits type
    /// and shape.
    var fault: String? {
        guard let width = type.width else { return nil }
        switch content {
        case .bytes(let bytes): return fault(bytes.count, of: width * shape.count, "bytes")
        case .float32(let numbers): return isReal ?? fault(numbers.count, of: shape.count, "numbers")
        case .reals(let numbers): return isReal ?? fault(numbers.count, of: shape.count, "numbers")
        case .single(let tensor): return fault(of: tensor.shape)
        case .double(let tensor): return fault(of: tensor.shape)
        case .wholes(let numbers):
            return type.kind == .real
                ? "is of type \(type) and has whole numbers"
                : fault(numbers.count, of: shape.count, "numbers")
        case .unread: return "has no numbers"
        }
    }

    private func fault(of tensor: Shape) -> String? {
        (type == .bool ? nil : isReal) ?? fault(tensor.count, of: shape.count, "numbers")
    }

    private var isReal: String? { type.kind == .real ? nil : "is of type \(type) and has real numbers" }

    private func fault(_ found: Int, of wanted: Int, _ what: String) -> String? {
        found == wanted ? nil : "of shape \(shape) needs \(wanted) \(what) and has \(found)"
    }
}
