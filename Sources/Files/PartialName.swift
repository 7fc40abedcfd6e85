#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Names of what is not finished: hidden, beside the place that it is for, and unlike any other's.
///
/// Whoever writes holds a lock on it, which the system releases when the process ends, however it ends. So the next
/// one that writes to the same place can tell what is left behind from what is in work.
struct PartialName {
    /// The folder in which it stands.
    let folder: String
    private let start: String
    private static let end = ".partial"
    private static let digits = 16

    /// - Parameter place: what is to be there when it is finished.
    init(for place: String, in folder: String? = nil) {
        self.folder = folder ?? Path.parent(of: place)
        // The longest name that file systems take is 255 bytes.
        var name = Path.name(of: place)
        while name.utf8.count > 200 { name.removeLast() }
        start = ".\(name)."
    }

    /// A new path.
    func path() -> String {
        let number = String(UInt64.random(in: .min ... .max), radix: 16)
        let padded = String(repeating: "0", count: Self.digits - number.count) + number
        return Path.entry(start + padded + Self.end, of: folder)
    }

    /// Removes what processes that were killed have left behind, as far as the system allows.
    func removeLeftovers() {
        for name in Folder.textNames(in: folder) where isOne(name) {
            let path = Path.entry(name, of: folder)
            guard let descriptor = try? Descriptor.opened(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) else {
                continue
            }
            defer { close(descriptor) }
            guard (try? Descriptor.lock(descriptor)) == .taken else { continue }
            Folder.remove(path)
        }
    }

    private func isOne(_ name: String) -> Bool {
        guard name.hasPrefix(start), name.hasSuffix(Self.end) else { return false }
        let number = name.dropFirst(start.count).dropLast(Self.end.count)
        return number.count == Self.digits && number.allSatisfy(\.isHexDigit)
    }

    /// Takes a lock on what was just made under such a name, and closes what could not be locked.
    ///
    /// - Returns: false where another process took it for a leftover in between: it is gone then.
    static func claim(_ descriptor: Int32) throws(SystemFailure) -> Bool {
        var isClaimed = false
        defer { if !isClaimed { close(descriptor) } }
        if try Descriptor.lock(descriptor) == .held { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .last }
        isClaimed = status.st_nlink > 0
        return isClaimed
    }
}
