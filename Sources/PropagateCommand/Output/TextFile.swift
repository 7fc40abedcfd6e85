import Files
import Foundation

/// A single text result: a file replaced at once, a device or pipe written to, or standard output for `-`.
struct TextFile {
    let path: String
    private let target: Target

    private enum Target {
        case standardOutput
        /// Through a hidden name beside it.
        case file(String)
        /// A device or a pipe: it must not be replaced.
        case device(String)
    }

    /// Fails early where the file could not be written, or is none that a text should replace.
    init(path: String) throws(OutputError) {
        self.path = path
        guard path != "-" else {
            target = .standardOutput
            return
        }
        guard !path.isEmpty else { throw .failed(path: "“”", reason: "it is not the name of a file") }
        // As it is called: what stands behind a name such as /dev/stdout may have no other.
        guard !OutputDevice.exists(path) else {
            target = .device(path)
            return
        }
        // What a link points to is replaced, not the link.
        let place = try OutputError.resolvingLink(path)
        var status = stat()
        if stat(place, &status) == 0 {
            guard status.st_mode & S_IFMT != S_IFDIR else { throw .isADirectory(path: path) }
            try Self.requireText(place, status.st_size)
            try FolderPlace.requireNotOwned(place)
        } else if ![ENOENT, ENOTDIR].contains(errno) {
            throw .failed(path: path, reason: SystemFailure.last.reason)
        }
        let folder = Path.parent(of: place)
        guard Folder.exists(folder) else { throw .noFolder(path: path, folder: folder) }
        try FolderPlace.requireEntries(in: folder, for: path)
        target = .file(place)
    }

    func write(_ text: String) throws {
        switch target {
        case .standardOutput: try StandardStream.print(text)
        case .device(let place):
            do throws(SystemFailure) {
                try OutputDevice.device(place).write(text)
            } catch {
                throw OutputError.failed(path: path, reason: error.reason)
            }
        case .file(let place):
            try DeferredSignals.during { try OutputFile<OutputError>.write(text, to: place) }
        }
    }

    /// A slip of the hand must not cost a store, weights or a picture: whatever has a zero byte at its beginning is no
    /// text of an earlier run.
    private static func requireText(_ path: String, _ size: off_t) throws(OutputError) {
        guard let file = try? InputFile<OutputError>(path),
            let beginning = try? file.bytes(min(Int(size), 512), at: 0)
        else { return }
        if beginning.contains(0) { throw .notText(path: path) }
    }
}
