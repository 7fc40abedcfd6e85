#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What is asked of folders.
public enum Folder {
    /// Whether there is a folder at this path.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether there is a folder at this path, and not a link to one.
    public static func isOne(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether there is a link at this path, wherever it leads.
    public static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Finds out whether a folder takes new entries by making one: permissions alone do not tell.
    public static func tryEntry(in folder: String) throws(SystemFailure) {
        let partial = PartialName(for: "propagate", in: folder)
        // Another's trial that is lost to this has told what it was for.
        partial.removeLeftovers()
        let trial = partial.path()
        guard mkdir(trial, 0o700) == 0 else { throw .last }
        rmdir(trial)
    }

    /// Names in a folder, in no order.
    public static func names(in path: String) throws(SystemFailure) -> [FileName] {
        guard let stream = opendir(path) else { throw .last }
        defer { closedir(stream) }
        var names: [FileName] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw .last }
                return names
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { FileName($0.prefix { $0 != 0 }) }
            if name.text != "." && name.text != ".." { names.append(name) }
        }
    }

    /// Those of the names that are text; none where the folder cannot be read. For whoever looks for names of our own,
    /// and has nothing to say of others.
    public static func textNames(in path: String) -> [String] {
        ((try? names(in: path)) ?? []).compactMap(\.text)
    }
}
