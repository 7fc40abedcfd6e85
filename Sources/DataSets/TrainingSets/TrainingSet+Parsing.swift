import NumericalMethods

extension TrainingSet {
    /// The words that `parse` understands, for help texts.
    public static let knownForms = [
        "digits", "digits8", "noise", "cifar10:DIR", "cifar100:DIR", "folder:DIR",
    ]

    /// The set that a word names: as for `ImageSourceParser`, and `digits8` for digits at 8 × 8.
    ///
    /// - Parameters:
    ///   - classes: of noise, by default 10.
    ///   - options: for a folder.
    /// - Throws: `DataSetError`, `ImageFolderError`.
    public static func parse(
        _ text: String, classes: Int? = nil, folder options: FolderOptions = FolderOptions(side: 32)
    ) throws -> TrainingSet {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let word = String(parts[0])
        let argument = parts.count > 1 ? String(parts[1]) : nil
        let forms = Dictionary(
            uniqueKeysWithValues: knownForms.map { form in (String(form.prefix { $0 != ":" }), form) })
        guard let form = forms[word] else {
            throw DataSetError.unknownSource(
                text, known: knownForms,
                closest: ClosestMatch.find(word, in: forms.keys.sorted()).flatMap { forms[$0] })
        }
        guard form != word else {
            if let argument { throw DataSetError.unexpectedArgument(word, argument: argument) }
            return word == "noise"
                ? noise(classCount: classes ?? 10) : try digits(side: word == "digits8" ? 8 : 32)
        }
        guard let argument, !argument.isEmpty else { throw DataSetError.directoryNotGiven(word) }
        if word == "folder" { return try folder(argument, options) }
        return try cifar(word == "cifar10" ? .cifar10 : .cifar100, directory: argument)
    }
}
