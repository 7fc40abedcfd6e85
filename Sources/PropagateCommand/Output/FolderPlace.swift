import Files
import Foundation
import Reporting

/// What is asked of a folder before results are written to it.
enum FolderPlace {
    /// Makes sure that there is a folder that takes new entries, or that one can be made.
    static func requireWritable(_ path: String) throws(OutputError) {
        guard !path.isEmpty else { throw .failed(path: "“”", reason: "it is not the name of a folder") }
        var place = try OutputError.resolvingLink(path)
        // Up to what is there; a link that leads nowhere is.
        while case let code = missing(place), code != 0 {
            guard [ENOENT, ENOTDIR].contains(code), Path.parent(of: place) != place else {
                throw .failed(path: path, reason: SystemFailure(code).reason)
            }
            place = Path.parent(of: place)
        }
        guard Folder.exists(place) else { throw .notADirectory(path: place) }
        try requireEntries(in: place, for: path)
    }

    /// Why there is nothing at a path: an error of the system; 0 where there is something.
    private static func missing(_ path: String) -> Int32 {
        var status = stat()
        return lstat(path, &status) == 0 ? 0 : errno
    }

    /// Makes sure that a folder takes new entries.
    ///
    /// - Parameter path: what errors call the result that is to be written there.
    static func requireEntries(in folder: String, for path: String) throws(OutputError) {
        do throws(SystemFailure) { try Folder.tryEntry(in: folder) } catch {
            throw .failed(path: path, reason: error.reason)
        }
    }

    /// Makes sure that a folder is not one of those that the program keeps for something else.
    static func requireNoOtherKind(_ path: String) throws(OutputError) {
        if let kind = kind(of: path) { throw .foreignFolder(path: path, kind: kind.rawValue) }
    }

    /// Makes sure that a file that is there is not part of what the program keeps in its folder.
    static func requireNotOwned(_ file: String) throws(OutputError) {
        let (folder, name) = (Path.parent(of: file), Path.name(of: file))
        guard holds(name, folder) else { return }
        if let kind = kind(of: folder), kind.owns(name) { throw .partOf(path: file, kind: kind.rawValue) }
        let manifest = try? ManifestFile(path: Path.entry(ReportBundle.manifestName, of: folder))
        if manifest?.files.contains(name) == true { throw .partOf(path: file, kind: "a report") }
    }

    /// Whether a folder has an entry: a link that leads nowhere is one too.
    static func holds(_ name: String, _ folder: String) -> Bool {
        var status = stat()
        return lstat("\(folder)/\(name)", &status) == 0
    }

    /// What the program keeps in folders of its own, in words.
    private enum Kind: String {
        case run = "the folder of a training run"
        case confirmation = "the store of a confirmation"
        case checkpoint = "a checkpoint"

        /// Whether an entry is the program's. Others beside it are the user's.
        func owns(_ name: String) -> Bool {
            switch self {
            case .run: RunFolder.entries.contains { name.hasPrefix($0) }
            case .confirmation: ["cells", "confirmation.json"].contains(name)
            case .checkpoint: true
            }
        }
    }

    private static func kind(of path: String) -> Kind? {
        if RunFolder.isRun(path) { return .run }
        if Folder.exists("\(path)/cells"), holds("confirmation.json", path) { return .confirmation }
        if holds("state.json", path), holds("SHA256SUMS", path) { return .checkpoint }
        return nil
    }
}
