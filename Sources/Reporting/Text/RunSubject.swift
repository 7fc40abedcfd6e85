import DataSets

/// What a report's numbers are of, as it stands at the head of every report: data, images, seed, mode, precision,
/// threads and commit in one line, and below it what was left out.
struct RunSubject: Sendable {
    /// As far as the run has each: `digits`, `16 images`, `seed 0`, `training mode`, …
    let facts: [String]
    /// The first digits of the commit that the program was built from.
    let commit: String
    /// What of the data was left out or changed, a sentence each.
    let notes: [String]

    init(_ manifest: RunManifest) {
        let words = manifest.configuration
        facts = [
            manifest.weights.map { "weights \($0.path)" },
            words["x0"].map { "x_0 \($0)" } ?? words["data"] ?? manifest.data?.name,
            manifest.data.flatMap { Self.images($0, noun: words["model"] == nil ? "image" : "sample") },
            Self.seeds(words), words["mode"].map { "\($0) mode" },
            words["precision"].map { "\($0) precision" },
            words["threads"].flatMap { Int($0) }.map { Quantity.counted($0, "thread") },
            words["jobs"].flatMap { Int($0) }.map { "\(Quantity.counted($0, "run")) at a time" },
        ].compactMap(\.self)
        commit =
            manifest.commit.map { String($0.prefix(Self.shownDigits)) + ($0.hasSuffix("+") ? "+" : "") }
            ?? "commit unknown"
        notes = manifest.data?.notes ?? []
    }

    /// As many as Git shows.
    private static let shownDigits = 7

    /// - Parameter gap: between what was measured and what measured it.
    func line(gap: String = " · ") -> String {
        (facts.isEmpty ? [commit] : [facts.joined(separator: ", "), commit]).joined(separator: gap)
    }

    /// - Parameter noun: what one is: models of files take other things than images too.
    private static func images(_ data: DataProvenance, noun: String) -> String? {
        let parts = data.parts.enumerated().map { index, part in
            let count =
                index == 0 ? Quantity.counted(part.images, noun) : Quantity.grouped(part.images)
            let missing = part.missingClasses.count
            let classes =
                missing == 0
                ? ""
                : " from \(Quantity.grouped(data.classes.count - missing)) of \(Quantity.counted(data.classes.count, "class", plural: "classes"))"
            return switch part.role {
            case .batch: count + classes
            case .training: "\(count) to train on"
            case .test: "\(count) to test on"
            }
        }
        return parts.isEmpty ? nil : parts.joined(separator: " and ")
    }

    private static func seeds(_ words: [String: String]) -> String? {
        guard let first = words["seed"].flatMap({ UInt64($0) }) else { return nil }
        let count = words["seeds"].flatMap { UInt64($0) } ?? 1
        return count > 1 ? "seeds \(first) to \(first &+ count &- 1)" : "seed \(first)"
    }
}

/// The same lines for every kind of document.
extension RunSubject {
    func terminal(_ style: TerminalStyle) -> [String] {
        let whole = line(gap: style.either(" · ", " - "))
        // The commit goes to a line of its own rather than a dot to the end of one.
        let head = whole.count < style.width ? [whole] : [facts.joined(separator: ", "), commit]
        return (head + notes).flatMap {
            TextLayout.wrap(style.shown($0), width: style.width, indent: " ")
        }
    }

    var html: String {
        Markup.paragraph(line(), class: "subject")
            + notes.map { Markup.paragraph($0, class: "subject") }.joined()
    }

    var markdown: String { ([line()] + notes).map(\.escapedForMarkdown).joined(separator: "\n\n") }
}
