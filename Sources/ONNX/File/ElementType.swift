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
    case float8e8m0 = 24
    case uint2 = 25
    case int2 = 26

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

    /// The types whose numbers are read, in words.
    static let supported =
        "numbers may be float16, bfloat16, float32, float64, whole ones of 8 to 64 bits, or bool"

    /// Bytes a number; `nil` of types that are not read.
    public var width: Int? {
        switch self {
        case .bool, .uint8, .int8: 1
        case .float16, .bfloat16, .uint16, .int16: 2
        case .float32, .uint32, .int32: 4
        case .float64, .uint64, .int64: 8
        default: nil
        }
    }
}
