import NumericalMethods

/// Reads the words that name a source of images: `digits`, `noise`, `cifar10:DIR`,
/// `cifar100:DIR`, `folder:DIR`.
public enum ImageSourceParser {
    /// A source that can be named.
    struct Entry: Sendable {
        let word: String
        /// Whether a directory follows the word after a colon.
        let takesDirectory: Bool
        let make: @Sendable (_ directory: String, _ wishes: Wishes) throws -> any ImageSource

        var usage: String { takesDirectory ? "\(word):DIR" : word }
    }

    /// What is asked of a source where it leaves that open.
    struct Wishes: Sendable {
        /// Classes to draw labels of.
        let classes: Int?
        /// Side of the images.
        let side: Int?
        let skipsUndecodable: Bool
    }

    static let entries = [
        Entry(word: "digits", takesDirectory: false) { _, _ in Digits() },
        Entry(word: "noise", takesDirectory: false) { _, wishes in
            NoiseImages(
                shape: wishes.side.map { ImageShape(channels: 3, height: $0, width: $0) } ?? .cifar,
                classCount: wishes.classes ?? 10)
        },
        Entry(word: "cifar10", takesDirectory: true) { directory, _ in
            try CIFAR(.cifar10, directory: directory)
        },
        Entry(word: "cifar100", takesDirectory: true) { directory, _ in
            try CIFAR(.cifar100, directory: directory)
        },
        Entry(word: "folder", takesDirectory: true) { directory, wishes in
            try ImageFolder(
                directory, side: wishes.side ?? ImageShape.cifar.height,
                skipsUndecodable: wishes.skipsUndecodable)
        },
    ]

    /// The forms that `parse` understands, for help texts.
    public static let knownForms = entries.map(\.usage)

    /// The source that `text` names. Files are looked up here, so that a missing one
    /// is reported before any long work.
    ///
    /// - Parameters:
    ///   - classes: the classes to draw labels of, where the source has none of its own.
    ///   - side: of the images, where the source has them in any size.
    ///   - skipsUndecodable: whether a folder leaves out what cannot be decoded.
    public static func parse(
        _ text: String, classes: Int? = nil, side: Int? = nil, skipsUndecodable: Bool = false
    ) throws -> any ImageSource {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let word = String(parts[0])
        let argument = parts.count > 1 ? String(parts[1]) : ""
        guard let entry = entries.first(where: { $0.word == word }) else {
            let closest = ClosestMatch.find(word, in: entries.map(\.word))
            throw DataSetError.unknownSource(
                text, known: knownForms,
                closest: entries.first { $0.word == closest }?.usage)
        }
        if entry.takesDirectory && argument.isEmpty { throw DataSetError.directoryNotGiven(word) }
        if !entry.takesDirectory && parts.count > 1 {
            throw DataSetError.unexpectedArgument(word, argument: argument)
        }
        return try entry.make(
            argument, Wishes(classes: classes, side: side, skipsUndecodable: skipsUndecodable))
    }
}
