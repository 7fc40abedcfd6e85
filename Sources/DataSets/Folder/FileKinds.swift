/// Files that are no images, counted by what their names end in.
public struct FileKinds: Equatable, Sendable {
    /// A kind, such as `.webp`, with how many there are.
    public struct Kind: Equatable, Sendable {
        public let name: String
        public let count: Int
    }

    /// The most frequent first.
    public let kinds: [Kind]

    private static let folder = "folder"
    private static let unnamed = "without an extension"
    /// More kinds than this are not named one by one.
    private static let shownKinds = 5

    /// - Parameter paths: those of folders end in “/”.
    public init(_ paths: [String]) {
        let counts = Dictionary(paths.map { (Self.kind(of: $0), 1) }, uniquingKeysWith: +)
        kinds = counts.map(Kind.init).sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    /// Such as `3 .webp, 1 .txt`.
    public var words: String {
        let shown = kinds.prefix(Self.shownKinds).map { kind in
            "\(kind.count) \(kind.name)" + (kind.name == Self.folder && kind.count > 1 ? "s" : "")
        }
        let others = kinds.dropFirst(Self.shownKinds).reduce(0) { $0 + $1.count }
        return (shown + (others > 0 ? ["\(others) of other kinds"] : [])).joined(separator: ", ")
    }

    private static func kind(of path: String) -> String {
        guard !path.hasSuffix("/") else { return folder }
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex,
            name.index(after: dot) != name.endIndex
        else { return unnamed }
        return name[dot...].lowercased()
    }
}
