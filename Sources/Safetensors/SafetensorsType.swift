/// The element types that are written and read here, by their names in the format.
public enum SafetensorsType: String, Sendable {
    case float32 = "F32"
    case float64 = "F64"
    case int64 = "I64"

    /// Bytes an element.
    public var size: Int {
        switch self {
        case .float32: 4
        case .float64, .int64: 8
        }
    }
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
