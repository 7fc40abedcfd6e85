import ArgumentParser

/// What is done about a folder's files that cannot be decoded.
enum UndecodableFiles: String, ExpressibleByArgument, CaseIterable {
    case refuse, skip

    static let help = ArgumentHelp(
        "refuse (name the file and stop) or skip a folder's images that cannot be decoded.",
        valueName: "word")
}
