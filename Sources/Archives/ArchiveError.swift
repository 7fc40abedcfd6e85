import Files

/// Why a zip archive is not read.
public enum ArchiveError: InputFileFailure, Equatable, CustomStringConvertible {
    case fileMissing(String)
    case unreadable(String, reason: String)
    /// A file that departs from the format.
    case malformed(String, reason: String)
    /// A member whose bytes are not those that were packed.
    case damaged(String, member: String, reason: String)
    case encrypted(String, member: String)
    case otherCompression(String, member: String, method: Int)
    /// Deflated members of more than `ZipArchive.greatestInflation` bytes in all.
    case tooLarge(String)

    public var description: String {
        switch self {
        case .fileMissing(let path): "There is no file \(path)."
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)."
        case .malformed(let path, let reason): "\(path) is no valid zip archive: \(reason)."
        case .damaged(let path, let member, let reason):
            "\(path) is damaged: \(FileName(member.utf8).escaped) \(reason)."
        case .encrypted(let path, let member):
            "\(FileName(member.utf8).escaped) of \(path) is encrypted; pack it without a password."
        case .otherCompression(let path, let member, let method):
            "\(FileName(member.utf8).escaped) of \(path) is compressed by method \(method); "
                + "only stored and deflated members are read."
        case .tooLarge(let path):
            "The compressed members of \(path) unpack to more than 1 GiB, which is not read; "
                + "store them uncompressed."
        }
    }
}
