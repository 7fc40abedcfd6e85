import Archives
import Files
import Safetensors

/// Why arrays are not read from a file.
public enum ArrayError: InputFileFailure, CustomStringConvertible {
    case fileMissing(String)
    case unreadable(String, reason: String)
    /// A file of another format; the note says of which, where that is known.
    case otherFormat(String, note: String?)
    case archive(ArchiveError)
    case safetensors(SafetensorsError)
    /// Two arrays of one name, a name of no letters, or something beside arrays.
    case name(String, path: String, reason: String)
    case noArrays(String)
    /// An array of something else than numbers that networks compute with; the note says of what, and what to do.
    case otherNumbers(String, path: String, note: String)
    /// An array that is cut short, or departs from its format.
    case malformed(String, path: String, reason: String)

    public var description: String {
        switch self {
        case .fileMissing(let path): "There is no file \(path)." + HomeAbbreviation.note(on: path)
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)."
        case .otherFormat(let path, let note):
            "\(path) is not of the formats that arrays are read from (.npy, .npz, .safetensors)"
                + (note.map { ": it \($0)." } ?? ".")
        case .archive(let error): "\(error)"
        case .safetensors(let error): "\(error)."
        case .name(let name, let path, let reason): "\(path) has “\(FileName(name.utf8).escaped)”, \(reason)."
        case .noArrays(let path): "\(path) holds no array."
        case .otherNumbers(let array, let path, let note):
            "The array \(FileName(array.utf8).escaped) of \(path) holds \(note)."
        case .malformed(let array, let path, let reason):
            "The array \(FileName(array.utf8).escaped) of \(path) \(reason)."
        }
    }
}
