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

    /// Finds out whether a folder takes new entries by making one: permissions alone do not tell.
    public static func tryEntry(in folder: String) throws(SystemFailure) {
        let trial = PartialName(for: "propagate", in: folder).path()
        guard mkdir(trial, 0o700) == 0 else { throw .last }
        rmdir(trial)
    }

    /// Names in a folder, in no order; `nil` where it cannot be read.
    public static func names(in path: String) -> [String]? {
        guard let stream = opendir(path) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}
