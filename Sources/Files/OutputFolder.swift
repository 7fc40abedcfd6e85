#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Files in the making that belong together: written into a hidden folder, and put in their place by `publish`, so that
/// a run that fails or is interrupted leaves nothing half-written. Without that call its owner's end removes them.
///
/// What processes that were killed have left of the same folder is removed first.
public final class OutputFolder<Failure: OutputFileFailure> {
    /// Where the files are to be.
    public let place: String
    /// Where they are until they are published.
    public let temporaryPath: String
    private let descriptor: Int32
    private var isPublished = false

    /// - Parameter place: its parents are made where they are missing. A link is followed.
    public init(_ place: String) throws(Failure) {
        do throws(SystemFailure) {
            self.place = try Path.resolvingLink(place)
        } catch {
            throw .unwritable(place, reason: error.reason)
        }
        // On the place's own file system, where a name can be changed at once, and where we may write for sure: a
        // folder that is there may be a mount point.
        let folder = Folder.exists(self.place) ? self.place : Path.parent(of: self.place)
        try FolderChange<Failure>.make(folder)
        let partial = PartialName(for: self.place, in: folder)
        partial.removeLeftovers()
        do throws(SystemFailure) {
            (temporaryPath, descriptor) = try Self.create(partial)
        } catch {
            throw .unwritable(place, reason: error.reason)
        }
    }

    deinit {
        if !isPublished { Folder.remove(temporaryPath) }
        close(descriptor)
    }

    /// Adds a file.
    ///
    /// - Parameter name: relative to the folder; folders in it are made.
    public func write(_ bytes: some WritableBytes, to name: String) throws(Failure) {
        // Errors name the place that the user knows.
        let (path, shown) = (Path.entry(name, of: temporaryPath), Path.entry(name, of: place))
        do throws(SystemFailure) { try Folder.make(Path.parent(of: path)) } catch {
            throw .unwritable(shown, reason: error.reason)
        }
        try OutputFile<Failure>.write(bytes, to: path, shownAs: shown)
    }

    /// Puts the files in their place: at once where nothing is there. In a folder that is there, they replace files of
    /// their names one by one, after those of an earlier publication are removed.
    ///
    /// Links within the place are replaced, not followed.
    ///
    /// - Parameter earlier: names of an earlier publication's files, relative to the folder. A name that leads out of it is
    ///   passed over: such lists come from files.
    public func publish(replacing earlier: [String] = []) throws(Failure) {
        do throws(SystemFailure) { try Folder.synchronize(temporaryPath) } catch {
            throw .unwritable(place, reason: error.reason)
        }
        if rename(temporaryPath, place) == 0 {
            isPublished = true
            return try FolderChange<Failure>.synchronize(Path.parent(of: place))
        }
        let failure = SystemFailure.last
        guard Folder.exists(place) else { throw .unwritable(place, reason: failure.reason) }
        for name in earlier { Self.remove(name, of: place) }
        try Self.merge(temporaryPath, into: place)
    }

    /// Removes a file and the folders that this leaves empty.
    private static func remove(_ name: String, of place: String) {
        let parts = Path.components(of: name)
        guard parts.allSatisfy({ !["", ".", ".."].contains($0) }) else { return }
        var folders: [String] = []
        for part in parts.dropLast() {
            folders.append(Path.entry(part, of: folders.last ?? place))
            guard let folder = folders.last, Folder.isOne(folder) else { return }
        }
        unlink(Path.entry(name, of: place))
        // One that still holds something refuses.
        for folder in folders.reversed() { rmdir(folder) }
    }

    private static func merge(_ source: String, into target: String) throws(Failure) {
        let names: [FileName]
        do throws(SystemFailure) {
            names = try Folder.names(in: source)
        } catch {
            throw .unwritable(source, reason: error.reason)
        }
        for name in names.compactMap(\.text) {
            let (from, to) = (Path.entry(name, of: source), Path.entry(name, of: target))
            if Folder.isOne(from), Folder.isOne(to) {
                try merge(from, into: to)
                continue
            }
            // A folder can only take the place of an empty one. A file is somebody's, and stays.
            if Folder.isOne(from), Folder.isLink(to) { unlink(to) }
            guard rename(from, to) == 0 else { throw .unwritable(to, reason: SystemFailure.last.reason) }
        }
        try FolderChange<Failure>.synchronize(target)
    }

    private static func create(_ partial: PartialName) throws(SystemFailure) -> (
        path: String, descriptor: Int32
    ) {
        while true {
            let path = partial.path()
            guard mkdir(path, 0o777) == 0 else { throw .last }
            do throws(SystemFailure) {
                let descriptor = try Descriptor.opened(path, O_RDONLY | O_DIRECTORY)
                if try PartialName.claim(descriptor) { return (path, descriptor) }
            } catch {
                rmdir(path)
                // Taken for a leftover before it was locked.
                guard error.code == ENOENT else { throw error }
            }
        }
    }
}
