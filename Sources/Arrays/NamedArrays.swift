import Files
import Tensors

/// The arrays of a file, such as a batch for a network: the inputs by their names, and labels.
///
/// A file may come from a stranger. In memory an array takes at most eight times its bytes in the file, as integers of one
/// byte do; what compressed ones unpack to is bounded by `ZipArchive.greatestInflation`.
public struct NamedArrays: Sendable {
    public enum Format: String, Sendable {
        /// One array without a name: it goes by that of the file.
        case npy
        /// What `numpy.savez` and `savez_compressed` write.
        case npz
        case safetensors
    }

    public let format: Format
    /// In the file's order, or by name where it has none; at least one.
    public let arrays: [NamedArray]

    /// Reads all arrays of a file, whose format is told by what it holds.
    public init(readingFrom path: String) throws(ArrayError) {
        format = try ArrayFormat.format(of: path)
        arrays =
            switch format {
            case .npy: [try NPYFile.array(path)]
            case .npz: try NPZFile.arrays(path)
            case .safetensors: try SafetensorsFile.arrays(path)
            }
        guard !arrays.isEmpty else { throw .noArrays(path) }
        var names: Set<String> = []
        for array in arrays { try Self.check(array.name, seen: &names, path) }
    }

    private static func check(_ name: String, seen: inout Set<String>, _ path: String) throws(ArrayError) {
        guard !name.isEmpty, name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw .name(name, path: path, reason: "which cannot name an array")
        }
        guard seen.insert(name).inserted else {
            throw .name(name, path: path, reason: "the name of two arrays")
        }
    }

    public subscript(name: String) -> NamedArray? { arrays.first { $0.name == name } }
    public var names: [String] { arrays.map(\.name) }
}
