import DataSets

extension DataProvenance {
    /// What of the data was left out, passed over or changed, a sentence each.
    public var notes: [String] {
        let turned = turned ?? 0
        let upright: String? =
            turned == 0
            ? nil
            : "Turned upright, as \(turned == 1 ? "its" : "their") Exif data says: \(Quantity.counted(turned, "image"))."
        return [
            Self.note("Left out, as it cannot be decoded", undecodable ?? []) {
                Quantity.counted($0, "image")
            },
            Self.note("Decoded past stray bytes", withStrayBytes ?? []) { Quantity.counted($0, "image") },
            Self.note("Passed over, as only PNG and JPEG are read", otherFormats) { _ in
                FileKinds(otherFormats).words
            },
            upright,
            Self.note("Without an image to test on", untested) {
                Quantity.counted($0, "class", plural: "classes")
            },
        ].compactMap(\.self)
    }

    /// More names than this are counted.
    private static let shownNames = 3

    /// How many there are, with the first names; `nil` of none.
    private static func note(
        _ words: String, _ paths: [String], counted: (Int) -> String
    ) -> String? {
        guard !paths.isEmpty else { return nil }
        // The class and the file's own name: the folder is known.
        var names = paths.prefix(shownNames).map { $0.split(separator: "/").suffix(2).joined(separator: "/") }
            .joined(separator: ", ")
        if paths.count > shownNames { names += " and \(Quantity.grouped(paths.count - shownNames)) more" }
        return "\(words): \(counted(paths.count)) (\(names))."
    }
}
