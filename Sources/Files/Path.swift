#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Paths as they are typed: nothing is expanded, and nothing is made absolute.
public enum Path {
    /// The folder that an entry is in: “.” of a bare name, “/” of the root itself.
    public static func parent(of path: String) -> String {
        let trimmed = withoutFinalSlashes(path)
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        let parent = withoutFinalSlashes(String(trimmed[..<slash]))
        return parent.isEmpty ? "/" : parent
    }

    /// The last component.
    public static func name(of path: String) -> String {
        let trimmed = withoutFinalSlashes(path)
        if trimmed == "/" { return trimmed }
        return trimmed.lastIndex(of: "/").map { String(trimmed[trimmed.index(after: $0)...]) } ?? trimmed
    }

    /// An entry of a folder.
    public static func entry(_ name: String, of folder: String) -> String {
        folder.hasSuffix("/") ? folder + name : folder + "/" + name
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
            path = next.hasPrefix("/") ? next : entry(next, of: parent(of: path))
        }
        throw SystemFailure(ELOOP)
    }

    private static func withoutFinalSlashes(_ path: String) -> String {
        var path = path[...]
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        return String(path)
    }
}
