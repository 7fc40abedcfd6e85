import Files

/// Why a result could not be written, or must not be.
enum OutputError: InputFileFailure, OutputFileFailure, Equatable, CustomStringConvertible {
    case notADirectory(path: String)
    case isADirectory(path: String)
    case noFolder(path: String, folder: String)
    case failed(path: String, reason: String)
    /// A file that is no text is to be replaced by one.
    case notText(path: String)
    /// A folder of another kind: of a training run, of a confirmation, of a checkpoint.
    case foreignFolder(path: String, kind: String)
    /// A file that belongs to one.
    case partOf(path: String, kind: String)
    /// A file that no earlier report or export wrote is where one of theirs is to be.
    case inTheWay(path: String, name: String)
    /// Two results, or a result and what is read, share a place.
    case clash(String, String, path: String)
    /// A result lies in the folder of another, which is replaced as a whole.
    case within(String, String, path: String)
    case tilde(path: String)

    var description: String {
        switch self {
        case .notADirectory(let path): "\(path) is not a folder, and one is needed there."
        case .isADirectory(let path): "\(path) is a folder, and a file is to be written there."
        case .noFolder(let path, let folder): "\(path) cannot be written: there is no folder \(folder)."
        case .failed(let path, let reason): "\(path) cannot be written: \(reason)."
        case .notText(let path):
            "\(path) is there and is no text file, so it is not replaced: name another file, or remove it."
        case .foreignFolder(let path, let kind):
            "\(path) is \(kind), and a result written there would damage it: name another folder."
        case .partOf(let path, let kind):
            "\(path) is part of \(kind), and is not replaced by a result: name another file."
        case .inTheWay(let path, let name):
            "\(path) holds \(name), which is not this program's and would be replaced: name another folder, or move it "
                + "away."
        case .clash(let first, let second, let path):
            "\(first) and \(second) are both \(path): name another place for one."
        case .within(let inner, let outer, let path):
            "\(inner) \(path) lies in the folder of \(outer), which has files of its own: name a place outside of it."
        case .tilde(let path): "\(path) cannot be written." + HomeAbbreviation.note(on: path)
        }
    }

    static func unwritable(_ path: String, reason: String) -> OutputError {
        .failed(path: path, reason: reason)
    }
    static func fileMissing(_ path: String) -> OutputError { .failed(path: path, reason: "it is not there") }
    static func unreadable(_ path: String, reason: String) -> OutputError {
        .failed(path: path, reason: reason)
    }

    /// What a link stands for.
    static func resolvingLink(_ path: String) throws(OutputError) -> String {
        guard path != "~", !path.hasPrefix("~/") else { throw .tilde(path: path) }
        do throws(SystemFailure) { return try Path.resolvingLink(path) } catch {
            throw .failed(path: path, reason: error.reason)
        }
    }
}
