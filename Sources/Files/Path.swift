#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Paths as they are typed: nothing is expanded, and nothing is made absolute.
public enum Path {
    // By bytes: a letter may be one character with the slash before it, such as a combining accent.
    private static let slash = UInt8(ascii: "/")

    /// The folder that an entry is in: “.” of a bare name, “/” of the root itself.
    public static func parent(of path: String) -> String {
        let trimmed = withoutFinalSlashes(path).utf8
        guard let slash = trimmed.lastIndex(of: slash) else { return "." }
        let parent = withoutFinalSlashes(String(decoding: trimmed[..<slash], as: UTF8.self))
        return parent.isEmpty ? "/" : parent
    }

    /// The last component.
    public static func name(of path: String) -> String {
        let trimmed = withoutFinalSlashes(path)
        guard trimmed != "/", let slash = trimmed.utf8.lastIndex(of: slash) else { return trimmed }
        return String(decoding: trimmed.utf8[slash...].dropFirst(), as: UTF8.self)
    }

    /// The path up to the last point of its name; itself where there is none but at the name's beginning.
    public static func withoutExtension(_ path: String) -> String {
        let name = name(of: path).utf8
        guard let point = name.lastIndex(of: UInt8(ascii: ".")), point != name.startIndex else { return path }
        return String(
            decoding: withoutFinalSlashes(path).utf8.dropLast(name[point...].count), as: UTF8.self)
    }

    /// What stands between slashes, empty names included.
    public static func components(of path: String) -> [String] {
        path.utf8.split(separator: slash, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// An entry of a folder.
    public static func entry(_ name: String, of folder: String) -> String {
        folder.utf8.last == slash ? folder + name : folder + "/" + name
    }

    /// What a link stands for, through any number of links; the path itself where it is none.
    ///
    /// - Throws: `SystemFailure`: ELOOP where links lead in a circle, EILSEQ where one leads to a name that is not UTF-8.
    public static func resolvingLink(_ path: String) throws(SystemFailure) -> String {
        var path = path
        for _ in 0..<40 {
            var target = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(withoutFinalSlashes(path), &target, target.count)
            // Not a link, or nothing at all.
            guard count > 0 else { return path }
            guard
                let next = String(
                    validating: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            else {
                throw SystemFailure(EILSEQ)
            }
            path = next.utf8.first == slash ? next : entry(next, of: parent(of: path))
        }
        throw SystemFailure(ELOOP)
    }

    private static func withoutFinalSlashes(_ path: String) -> String {
        var bytes = path.utf8[...]
        while bytes.count > 1, bytes.last == slash { bytes.removeLast() }
        return bytes.count == path.utf8.count ? path : String(decoding: bytes, as: UTF8.self)
    }
}
