/// The element types that are known here, by their names in the format.
public enum SafetensorsType: String, Sendable {
    case float32 = "F32"
    case float64 = "F64"
    /// IEEE 754 binary16, widened where it is read.
    case float16 = "F16"
    /// The upper half of a `float32`, widened likewise.
    case bfloat16 = "BF16"
    case int64 = "I64"

    /// Bytes an element.
    public var size: Int {
        switch self {
        case .float16, .bfloat16: 2
        case .float32: 4
        case .float64, .int64: 8
        }
    }
}

extension SafetensorsType {
    /// Types of numbers with a fraction, from the widest on.
    public static let floating: [SafetensorsType] = [.float64, .float32, .bfloat16, .float16]
}

/// A Swift type that safetensors files store as it lies in memory (little-endian).
public protocol SafetensorsScalar: BitwiseCopyable, Sendable {
    static var safetensorsType: SafetensorsType { get }
    init()
}

extension Float: SafetensorsScalar {
    public static var safetensorsType: SafetensorsType { .float32 }
}

extension Double: SafetensorsScalar {
    public static var safetensorsType: SafetensorsType { .float64 }
}

extension Int64: SafetensorsScalar {
    public static var safetensorsType: SafetensorsType { .int64 }
}

#if _endian(big)
    #error("safetensors files are little-endian; a byte swap is missing for this machine")
#endif
