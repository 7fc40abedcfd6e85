import Files

extension CIFARRelease {
    /// The files that a word such as `cifar10:DIR` stands for, wherever in the directory the release is; none of another
    /// word.
    public static func files(of word: String) -> [String] {
        let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2, let release = all.first(where: { $0.word == parts[0] }) else { return [] }
        let names = release.trainingFiles + release.testFiles + [release.classFile]
        return [parts[1], Path.entry(release.folder, of: parts[1])].flatMap { folder in
            names.map { Path.entry($0, of: folder) }
        }
    }
}
