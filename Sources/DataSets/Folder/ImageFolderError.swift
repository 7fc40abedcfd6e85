import Files

/// Why a folder of images by class cannot be used, in a sentence that names the file or the folder.
public enum ImageFolderError: InputFileFailure, Equatable {
    /// A directory without a sub-folder.
    case noClasses(String)
    /// Two classes whose names are the same text in different bytes.
    case sameText(String, name: String)
    /// A class without an image, and the paths of what is in it.
    case emptyClass(String, others: [String])
    /// A class with folders and without an image.
    case foldersInClass(String)
    /// A directory of parts, such as `train` and `val`, each with classes of its own, and the part to train on.
    case parts(String, [String], training: String)
    /// A class none of whose images can be decoded.
    case classUndecodable(String, count: Int)
    /// A file that is no image, a damaged one, or one that cannot be read.
    case undecodable(String, reason: String)
    /// Several such files among the images of a folder: how many, and the first with the reason of each.
    case severalUndecodable(String, count: Int, of: Int, first: [UndecodableFile])
    /// Fewer images can be decoded than are asked for.
    case tooFewDecodable(String, wanted: Int, found: Int)

    /// A file that cannot be decoded.
    public struct UndecodableFile: Equatable, Sendable {
        public let path: String
        public let reason: String
    }

    public static func fileMissing(_ path: String) -> ImageFolderError {
        .undecodable(path, reason: "it is not there, or is a link to nothing")
    }

    public static func unreadable(_ path: String, reason: String) -> ImageFolderError {
        .undecodable(path, reason: reason)
    }
}

extension ImageFolderError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noClasses(let path):
            "\(path) has no sub-folders: every class needs one, with its images in it."
        case .sameText(let path, let name):
            "\(path) has two class folders whose names are the same text, \(name), in other bytes: rename one."
        case .emptyClass(let path, let others):
            "The class folder \(path) holds no \(Self.extensions) file"
                + (others.isEmpty
                    ? ": add images or remove it."
                    : ", but \(FileKinds(others).words): add PNG or JPEG images, which alone are read, or remove it.")
        case .foldersInClass(let path):
            "The class folder \(path) holds folders and no images: to use the classes in it name it itself, folder:\(path). "
                + "Training reads DIR/train/class and DIR/val/class, or DIR/class alone."
        case .parts(let path, let names, let training):
            "\(path) holds \(names.joined(separator: " and ")), each with class folders of its own: to use the images of one "
                + "name it, folder:\(path)/\(training). Training reads DIR/train and DIR/val (or DIR/test) together."
        case .classUndecodable(let path, let count):
            count == 1
                ? "The only image of the class folder \(path) cannot be decoded: replace it or remove the folder."
                : "None of the \(count) images of the class folder \(path) can be decoded: replace them or remove it."
        case .undecodable(let path, let reason):
            "\(path) cannot be decoded: \(reason); \(Self.remedy)"
        case .severalUndecodable(let path, let count, let all, let first):
            "\(count) of the \(all) images of \(path) cannot be decoded: "
                + first.map { "\($0.path) (\($0.reason))" }.joined(separator: ", ")
                + (count > first.count ? " and \(count - first.count) more; " : "; ") + Self.remedy
        case .tooFewDecodable(let path, let wanted, let found):
            "\(path) has \(found == 0 ? "no image" : found == 1 ? "only 1 image" : "only \(found) images") "
                + "that can be decoded, and \(wanted) \(wanted == 1 ? "is" : "are") asked for."
        }
    }

    /// Such as “.png, .jpg or .jpeg”.
    private static var extensions: String {
        let all = FolderListing.extensions
        return all.dropLast().joined(separator: ", ") + all.suffix(1).map { " or \($0)" }.joined()
    }

    private static let remedy = "--undecodable skip leaves such files out."
}
