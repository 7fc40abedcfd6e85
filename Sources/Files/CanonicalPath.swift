#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Where a path leads, whatever it is called: links followed, `.` and `..` gone, also where its end is not there yet. What
/// is missing will be made as folders, so that `..` after it leads back. Kept as bytes, as the folder that we are in may have any name.
public struct CanonicalPath: Equatable, Sendable {
    private let bytes: [UInt8]

    public init(_ path: String) {
        var (place, rest) = ((try? Path.resolvingLink(path)) ?? path, [String]())
        while true {
            if let real = realpath(place, nil) {
                defer { free(real) }
                let found = UnsafeBufferPointer(start: real, count: strlen(real)).map {
                    UInt8(bitPattern: $0)
                }
                bytes = rest.reversed().reduce(found == [Self.slash] ? [] : found) { Self.entry($1, of: $0) }
                return
            }
            let parent = Path.parent(of: place)
            guard parent != place else {
                bytes = Array(place.utf8)
                return
            }
            rest.append(Path.name(of: place))
            place = parent
        }
    }

    private static let slash = UInt8(ascii: "/")

    private static func entry(_ name: String, of folder: [UInt8]) -> [UInt8] {
        switch name {
        case "", ".": folder
        case "..": Array(folder[..<(folder.lastIndex(of: slash) ?? 0)])
        default: folder + [slash] + name.utf8
        }
    }

    /// Whether it lies in a folder, at any depth.
    public func isWithin(_ folder: CanonicalPath) -> Bool { relative(to: folder) != nil }

    /// The components from a folder on; `nil` where it does not lie in it.
    public func relative(to folder: CanonicalPath) -> [String]? {
        guard bytes.count > folder.bytes.count + 1, bytes.starts(with: folder.bytes),
            bytes[folder.bytes.count] == Self.slash
        else { return nil }
        return bytes[(folder.bytes.count + 1)...].split(separator: Self.slash)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
