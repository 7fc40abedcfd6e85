/// “~”, which stands for a user's home folder to shells, and only at the beginning of a word: in `folder:~/images` it
/// arrives here as it is.
public enum HomeAbbreviation {
    /// What to add to a sentence about a path where nothing was found; empty where the path is not abbreviated.
    public static func note(on path: String) -> String {
        guard path == "~" || path.hasPrefix("~/") else { return "" }
        return
            " “~” is not expanded here, and by a shell only at the beginning of a word: write $HOME\(path.dropFirst())."
    }
}
