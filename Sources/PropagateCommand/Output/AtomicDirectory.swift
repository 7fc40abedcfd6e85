import Foundation

/// Files written together: into a temporary folder first, then moved into place, so that a run that fails or is
/// interrupted leaves nothing half-written.
struct AtomicDirectory {
    private let target: URL

    /// Fails early where the folder could not be written. Missing parents will be made.
    init(path: String) throws {
        guard !path.isEmpty else {
            throw OutputError.failed(path: "“”", reason: "it is not the name of a folder")
        }
        target = URL(filePath: path, directoryHint: .isDirectory).resolvingSymlinksInPath()
        let existing = Self.nearestExisting(target)
        guard Self.isDirectory(existing) else { throw OutputError.notADirectory(path: existing.path) }
        try WritingTrial.run(in: existing, for: path)
    }

    /// Writes all files through `write`, which is given the folder to write into, then puts them in place.
    func write(_ write: (URL) throws -> Void) throws {
        try DeferredSignals.during {
            let manager = FileManager.default
            // On the target's own file system, where a name can be changed at once.
            let place = Self.isDirectory(target) ? target : target.deletingLastPathComponent()
            let temporary = place.appending(path: TemporaryName.beside(target))
            defer { try? manager.removeItem(at: temporary) }
            do {
                try manager.createDirectory(at: temporary, withIntermediateDirectories: true)
                try write(temporary)
                try Self.move(temporary, to: target)
            } catch let error as CocoaError {
                throw OutputError.failed(path: target.path, reason: OutputError.reason(error))
            }
        }
    }

    /// A new folder takes its place at once; in one that is there, whatever else it holds, files replace those
    /// of the same names.
    private static func move(_ source: URL, to target: URL) throws {
        guard isDirectory(source), isDirectory(target) else { return try rename(source, to: target) }
        for name in try FileManager.default.contentsOfDirectory(atPath: source.path) {
            try move(source.appending(path: name), to: target.appending(path: name))
        }
    }

    private static func rename(_ source: URL, to target: URL) throws {
        guard Foundation.rename(source.path, target.path) == 0 else {
            throw OutputError.failed(path: target.path, reason: OutputError.systemReason)
        }
    }

    private static func nearestExisting(_ url: URL) -> URL {
        var place = url
        while !FileManager.default.fileExists(atPath: place.path), place.path != "/" {
            place = place.deletingLastPathComponent()
        }
        return place
    }

    private static func isDirectory(_ url: URL) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory)
            && isDirectory.boolValue
    }
}

/// Names for what is not finished: hidden, and unlike any other run's.
enum TemporaryName {
    static func beside(_ target: URL) -> String {
        ".\(target.lastPathComponent).\(UUID().uuidString).partial"
    }
}

/// Finds out whether a folder takes new entries by making one: permissions alone do not tell.
enum WritingTrial {
    static func run(in folder: URL, for path: String) throws {
        let trial = folder.appending(path: ".propagate.\(UUID().uuidString).partial").path
        guard mkdir(trial, 0o700) == 0 else {
            throw OutputError.failed(path: path, reason: OutputError.systemReason)
        }
        rmdir(trial)
    }
}
