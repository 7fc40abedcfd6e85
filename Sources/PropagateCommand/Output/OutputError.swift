import Files
import Foundation

/// Why a result could not be written.
enum OutputError: OutputFileFailure, Equatable, CustomStringConvertible {
    case notADirectory(path: String)
    case isADirectory(path: String)
    case noFolder(path: String, folder: String)
    case failed(path: String, reason: String)

    var description: String {
        switch self {
        case .notADirectory(let path): "\(path) is a file, and a folder is needed there."
        case .isADirectory(let path): "\(path) is a folder, and a file is to be written there."
        case .noFolder(let path, let folder): "\(path) cannot be written: there is no folder \(folder)."
        case .failed(let path, let reason): "\(path) cannot be written: \(reason)."
        }
    }

    static func unwritable(_ path: String, reason: String) -> OutputError {
        .failed(path: path, reason: reason)
    }

    /// The system's words for the last error of a C function, such as “Permission denied”.
    static var systemReason: String { String(cString: strerror(errno)) }

    /// The system's words for a Foundation error, where it has any, without a final full stop.
    static func reason(_ error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        guard underlying.domain == NSPOSIXErrorDomain else {
            return error.localizedDescription.trimmingCharacters(in: CharacterSet(charactersIn: "."))
        }
        return String(cString: strerror(Int32(underlying.code)))
    }
}
