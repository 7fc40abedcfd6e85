import Foundation

/// A single text result: a file replaced at once, a device or pipe written to, or standard output for `-`.
struct TextFile {
    let path: String
    private let target: Target

    private enum Target {
        case standardOutput
        /// Through a temporary name beside it.
        case file(URL)
        /// A device or a pipe: it must not be replaced.
        case stream(URL)
    }

    /// Fails early where the file could not be written.
    init(path: String) throws {
        self.path = path
        guard path != "-" else {
            target = .standardOutput
            return
        }
        guard !path.isEmpty else {
            throw OutputError.failed(path: "“”", reason: "it is not the name of a file")
        }
        // What a link points to is replaced, not the link.
        let url = URL(filePath: path).resolvingSymlinksInPath()
        var status = stat()
        guard stat(url.path, &status) == 0 else {
            target = .file(url)
            try Self.tryFolder(of: url, for: path)
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw OutputError.isADirectory(path: path)
        case S_IFREG:
            target = .file(url)
            try Self.tryFolder(of: url, for: path)
        default: target = .stream(url)
        }
    }

    func write(_ text: String) throws {
        do {
            switch target {
            case .standardOutput: try StandardStream.print(text)
            case .stream(let url):
                try FileHandle(forWritingTo: url).write(contentsOf: Data(text.utf8))
            case .file(let url): try Self.replace(url, with: text)
            }
        } catch let error as CocoaError {
            throw OutputError.failed(path: path, reason: OutputError.reason(error))
        }
    }

    private static func replace(_ url: URL, with text: String) throws {
        try DeferredSignals.during {
            let temporary = url.deletingLastPathComponent().appending(path: TemporaryName.beside(url))
            defer { try? FileManager.default.removeItem(at: temporary) }
            try text.write(to: temporary, atomically: false, encoding: .utf8)
            guard rename(temporary.path, url.path) == 0 else {
                throw OutputError.failed(path: url.path, reason: OutputError.systemReason)
            }
        }
    }

    private static func tryFolder(of url: URL, for path: String) throws {
        let folder = url.deletingLastPathComponent()
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw OutputError.noFolder(path: path, folder: folder.path)
        }
        try WritingTrial.run(in: folder, for: path)
    }
}
