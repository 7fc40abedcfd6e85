import Files
import Foundation
import GRDB
import Limits

/// Why a store cannot be used.
public enum StoreError: Error, Equatable, CustomStringConvertible {
    case noFolder(path: String, folder: String)
    case notAStore(path: String)
    case otherLayout(path: String, found: Int, known: Int)
    case damaged(path: String, reason: String)
    case busy(path: String)
    /// It can be read, and cells are missing that would have to be written.
    case readOnly(path: String, reason: String)
    /// It cannot be written, and a journal beside it has still to be merged into it.
    case unmerged(path: String)
    case failed(path: String, reason: String)

    public var description: String {
        switch self {
        case .noFolder(let path, let folder):
            "\(path) cannot be written: there is no folder \(folder)." + HomeAbbreviation.note(on: path)
        case .notAStore(let path):
            "\(path) is not a store of propagate's: name another file, or move this one away."
        case .otherLayout(let path, let found, let known):
            "\(path) is a store of layout \(found), and this version of propagate reads layout \(known): "
                + "name another file, or use the version that wrote it."
        case .damaged(let path, let reason):
            "\(path) is damaged (\(reason)): restore it from a copy, or name another file to measure anew."
        case .readOnly(let path, let reason):
            "\(path) does not hold all cells of the sweep, and cannot be written (\(reason)): copy it to a folder that can "
                + "be written, and name the copy."
        case .unmerged(let path):
            "\(path) has to be written to before it can be read, for it was not closed or is of an earlier version: copy "
                + "it, and what lies beside it under its name, to a folder that can be written."
        case .busy(let path): "\(path) is locked by another program: try again when that has ended."
        case .failed(let path, let reason): "\(path) cannot be used as a store: \(reason)."
        }
    }

    /// What the library's error means to whoever named the file.
    init(_ error: any Error, path: String, isReadOnly: Bool) {
        guard let error = error as? DatabaseError else {
            self = (error as? StoreError) ?? .failed(path: path, reason: error.localizedDescription)
            return
        }
        let reason = error.message ?? "error \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .notAStore(path: path)
        case .SQLITE_CANTOPEN where isReadOnly, .SQLITE_READONLY where isReadOnly:
            self = .unmerged(path: path)
        case .SQLITE_CORRUPT, .SQLITE_TOOBIG, .SQLITE_CONSTRAINT: self = .damaged(path: path, reason: reason)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        case .SQLITE_IOERR, .SQLITE_FULL:
            // The library keeps the system's reason to itself.
            let limit = ResourceLimits.current.fileSize.map { _ in
                ", where this limit holds: \(ProcessLimits.reason(EFBIG))"
            }
            self = .failed(path: path, reason: reason + (limit ?? ""))
        default: self = .failed(path: path, reason: reason)
        }
    }
}
