import Tensors

/// A tensor of a file: its type, its shape and where its bytes are.
public struct FileTensor: Sendable {
    public var name: String
    public var type: ElementType
    public var shape: Shape
    public var content: Content

    public enum Content: Sendable {
        /// Row by row, little-endian, in `type`'s size (`raw_data`, or in a file of its own).
        case bytes(Bytes)
        /// Numbers that were written one by one.
        case reals([Double])
        case wholes([Int])
    }

    public init(_ name: String, type: ElementType, shape: Shape, content: Content) {
        self.name = name
        self.type = type
        self.shape = shape
        self.content = content
    }
}

/// TensorProto.DataType, with the numbers of onnx.proto.
public enum ElementType: Int, Sendable, Hashable, CaseIterable {
    case float32 = 1
    case uint8 = 2
    case int8 = 3
    case uint16 = 4
    case int16 = 5
    case int32 = 6
    case int64 = 7
    case string = 8
    case bool = 9
    case float16 = 10
    case float64 = 11
    case uint32 = 12
    case uint64 = 13
    case complex64 = 14
    case complex128 = 15
    case bfloat16 = 16
    case float8e4m3fn = 17
    case float8e4m3fnuz = 18
    case float8e5m2 = 19
    case float8e5m2fnuz = 20
    case uint4 = 21
    case int4 = 22
    case float4e2m1 = 23

    /// What a value of this type is here.
    public enum Kind: Sendable, Hashable {
        /// Real numbers, widened to the precision of the run.
        case real
        /// Whole numbers, 64-bit ones.
        case whole
        /// 0 or 1.
        case condition
        /// Text, complex numbers, and the formats of quantised networks.
        case unsupported
    }

    public var kind: Kind {
        switch self {
        case .float32, .float16, .bfloat16, .float64: .real
        case .uint8, .int8, .uint16, .int16, .int32, .int64, .uint32, .uint64: .whole
        case .bool: .condition
        default: .unsupported
        }
    }
}
