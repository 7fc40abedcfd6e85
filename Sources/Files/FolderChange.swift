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
        let parent = parent(of: path)
        if parent != path { try make(parent) }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST && Folder.exists(path) else { throw failure(path) }
        try synchronize(parent)
    }

    /// Gives a file or folder another place on its file system, at once.
    public static func move(_ path: String, to place: String) throws(Failure) {
        guard rename(path, place) == 0 else { throw failure(place) }
        try synchronize(parent(of: place))
    }

    /// Writes a folder's list of names to the disk.
    public static func synchronize(_ path: String) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        // Some file systems have nothing to do for a folder, and say so.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure(path) }
    }

    /// Removes a file, a link, or a folder and all that it holds, as far as the system allows. What a link points to
    /// is not touched; nor are names that are not UTF-8, which are none of ours, and the folders that hold them.
    public static func remove(_ path: String) {
        guard unlink(path) != 0 else { return }
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return }
        for name in (try? Folder.names(in: path)) ?? [] {
            if let name = name.text { remove(path + "/" + name) }
        }
        rmdir(path)
    }

    private static func parent(of path: String) -> String {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    private static func failure(_ path: String) -> Failure {
        .unwritable(path, reason: String(cString: strerror(errno)))
    }
}
