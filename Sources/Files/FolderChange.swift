#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Changes to folders that are on the disk when they return, and outlive a crash of the machine. Errors are in the words
/// of whoever changes.
public enum FolderChange<Failure: OutputFileFailure> {
    /// Makes a folder and those that it lies in, where they are not there. An error names the one that cannot be made.
    public static func make(_ path: String) throws(Failure) {
        for missing in Folder.missing(on: path) {
            try reporting(missing) { () throws(SystemFailure) in try Folder.makeOne(missing) }
        }
    }

    /// Gives a file or folder another place on its file system, at once.
    public static func move(_ path: String, to place: String) throws(Failure) {
        try reporting(place) { () throws(SystemFailure) in
            guard rename(path, place) == 0 else { throw .last }
            try Folder.synchronize(Path.parent(of: place))
        }
    }

    /// Writes a folder's list of names to the disk.
    public static func synchronize(_ path: String) throws(Failure) {
        try reporting(path) { () throws(SystemFailure) in try Folder.synchronize(path) }
    }

    /// Removes a file, a link, or a folder and all that it holds, as far as the system allows. What a link points to
    /// is not touched.
    public static func remove(_ path: String) { Folder.remove(path) }

    private static func reporting(
        _ path: String, _ body: () throws(SystemFailure) -> Void
    ) throws(Failure) {
        do throws(SystemFailure) { try body() } catch { throw .unwritable(path, reason: error.reason) }
    }
}

extension Folder {
    static func make(_ path: String) throws(SystemFailure) {
        for missing in missing(on: path) { try makeOne(missing) }
    }

    /// The folders that a path needs and that are not there, each after the one that it lies in.
    fileprivate static func missing(on path: String) -> [String] {
        var (missing, place) = ([String](), path)
        while !exists(place) {
            missing.append(place)
            let parent = Path.parent(of: place)
            if parent == place { break }
            place = parent
        }
        return missing.reversed()
    }

    fileprivate static func makeOne(_ path: String) throws(SystemFailure) {
        if mkdir(path, 0o777) != 0 {
            let failure = SystemFailure.last
            guard failure.code == EEXIST, exists(path) else { throw failure }
        }
        try synchronize(Path.parent(of: path))
    }

    static func synchronize(_ path: String) throws(SystemFailure) {
        do throws(SystemFailure) {
            let descriptor = try Descriptor.opened(path, O_RDONLY | O_DIRECTORY)
            defer { close(descriptor) }
            try Descriptor.synchronize(descriptor)
        } catch {
            // A folder that takes entries and shows none cannot be opened; its entries are there all the same.
            guard error.code == EACCES else { throw error }
        }
    }

    /// Names that are not UTF-8 are none of ours, and stay with the folders that hold them.
    static func remove(_ path: String) {
        guard unlink(path) != 0, isOne(path) else { return }
        for name in textNames(in: path) { remove(Path.entry(name, of: path)) }
        rmdir(path)
    }
}
