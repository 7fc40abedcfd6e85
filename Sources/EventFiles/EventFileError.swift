import Files

/// Why an event file cannot be kept, in one sentence.
public enum EventFileError: OutputFileFailure, Equatable, CustomStringConvertible {
    /// The file or its folder could not be made, or a record not be written: the file ends with the record before it.
    case unwritable(String, reason: String)

    public var description: String {
        switch self {
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)."
        }
    }
}
