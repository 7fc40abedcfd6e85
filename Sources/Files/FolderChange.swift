#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Changes to folders that are on the disk when they return, and outlive a crash of the machine.
public enum FolderChange<Failure: OutputFileFailure> {
    /// Makes a folder and those that it lies in, where they are not there.
    public static func make(_ path: String) throws(Failure) {
        guard !Folder.exists(path) else { return }
        let parent = Path.parent(of: path)
        if parent != path { try make(parent) }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST && Folder.exists(path) else { throw failure(path) }
        try synchronize(parent)
    }

    /// Gives a file or folder another place on its file system, at once.
    public static func move(_ path: String, to place: String) throws(Failure) {
        guard rename(path, place) == 0 else { throw failure(place) }
        try synchronize(Path.parent(of: place))
    }

    /// Writes a folder's list of names to the disk.
    public static func synchronize(_ path: String) throws(Failure) {
        do throws(SystemFailure) {
            let descriptor = try Descriptor.opened(path, O_RDONLY | O_DIRECTORY)
            defer { close(descriptor) }
            try Descriptor.synchronize(descriptor)
        } catch {
            // A folder that takes entries and shows none cannot be opened; its entries are there all the same.
            guard error.code != EACCES else { return }
            throw .unwritable(path, reason: error.reason)
        }
    }

    /// Removes a file, a link, or a folder and all that it holds, as far as the system allows. What a link points to
    /// is not touched.
    public static func remove(_ path: String) { Removal.remove(path) }

    private static func failure(_ path: String) -> Failure {
        .unwritable(path, reason: SystemFailure.last.reason)
    }
}

enum Removal {
    static func remove(_ path: String) {
        guard unlink(path) != 0, Folder.isOne(path) else { return }
        for name in Folder.names(in: path) ?? [] { remove(Path.entry(name, of: path)) }
        rmdir(path)
    }
}
