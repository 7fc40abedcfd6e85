import NumericalMethods

/// Reads the words that name a source of images: `digits`, `noise`, `cifar10:DIR`,
/// `cifar100:DIR`.
public enum ImageSourceParser {
    /// A source that can be named.
    struct Entry: Sendable {
        let word: String
        /// Whether a directory follows the word after a colon.
        let takesDirectory: Bool
        let make: @Sendable (_ directory: String, _ classes: Int?) throws -> any ImageSource

        var usage: String { takesDirectory ? "\(word):DIR" : word }
    }

    static let entries = [
        Entry(word: "digits", takesDirectory: false) { _, _ in Digits() },
        Entry(word: "noise", takesDirectory: false) { _, classes in
            NoiseImages(classCount: classes ?? 10)
        },
        Entry(word: "cifar10", takesDirectory: true) { directory, _ in
            try CIFAR(.cifar10, directory: directory)
        },
        Entry(word: "cifar100", takesDirectory: true) { directory, _ in
            try CIFAR(.cifar100, directory: directory)
        },
    ]

    /// The forms that `parse` understands, for help texts.
    public static let knownForms = entries.map(\.usage)

    /// The source that `text` names. Files are looked up here, so that a missing one
    /// is reported before any long work.
    ///
    /// - Parameter classes: the classes to draw labels of, where the source has none of its own.
    public static func parse(_ text: String, classes: Int? = nil) throws -> any ImageSource {
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
        return try entry.make(argument, classes)
    }
}
