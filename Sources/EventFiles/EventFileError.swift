/// Why an event file cannot be kept, in one sentence.
public enum EventFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No file could be made in the folder.
    case notCreated(folder: String, reason: String)
    /// A record could not be written; the file ends with the record before it.
    case notWritten(path: String, reason: String)

    public var description: String {
        switch self {
        case .notCreated(let folder, let reason):
            "No TensorBoard event file can be made in \(folder): \(reason)."
        case .notWritten(let path, let reason): "\(path) cannot be written: \(reason)."
        }
    }
}
