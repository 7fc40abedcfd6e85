/// Why a folder of images by class cannot be used, in a sentence that names the file or the folder.
public enum ImageFolderError: Error, Equatable, Sendable {
    /// A directory without a sub-folder.
    case noClasses(String)
    /// A class without an image.
    case emptyClass(String)
    /// A class with folders and without an image.
    case foldersInClass(String)
    /// A file that is no image, or a damaged one.
    case undecodable(String, reason: String)
    /// Fewer images can be decoded than are asked for.
    case tooFewDecodable(String, wanted: Int, found: Int)
}

extension ImageFolderError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noClasses(let path):
            "\(path) has no sub-folders: every class needs one, with its images in it."
        case .emptyClass(let path):
            "The class folder \(path) holds no .png, .jpg or .jpeg file: add images or remove it."
        case .foldersInClass(let path):
            "The class folder \(path) holds folders and no images: to use the classes in it name it itself, folder:\(path). "
                + "Training reads DIR/train/class and DIR/val/class, or DIR/class alone."
        case .undecodable(let path, let reason):
            "\(path) cannot be decoded: \(reason); --undecodable skip leaves such files out."
        case .tooFewDecodable(let path, let wanted, let found):
            "\(path) has only \(found) images that can be decoded, and \(wanted) are asked for."
        }
    }
}
