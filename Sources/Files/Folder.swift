#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What is asked of folders.
public enum Folder {
    /// Why a folder was not listed, as the system words it.
    public struct ListingFailure: Error, Equatable, CustomStringConvertible {
        public let description: String
    }

    /// Whether there is a folder at this path.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Names in a folder, in no order.
    public static func names(in path: String) throws(ListingFailure) -> [FileName] {
        guard let stream = opendir(path) else { throw ListingFailure(description: systemReason) }
        defer { closedir(stream) }
        var names: [FileName] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw ListingFailure(description: systemReason) }
                return names
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { FileName($0.prefix { $0 != 0 }) }
            if name.text != "." && name.text != ".." { names.append(name) }
        }
    }

    private static var systemReason: String { String(cString: strerror(errno)) }
}
