/// Why a result could not be written.
enum OutputError: Error, Equatable, CustomStringConvertible {
    case notADirectory(path: String)
    case unwritable(path: String)
    case failed(path: String, reason: String)

    var description: String {
        switch self {
        case .notADirectory(let path): "\(path) is a file, and a folder is needed there."
        case .unwritable(let path): "\(path) cannot be written: no permission, or no such folder."
        case .failed(let path, let reason): "\(path) cannot be written: \(reason)."
        }
    }
}
