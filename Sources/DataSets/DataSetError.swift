import Files

/// Why there are no images, in a sentence that names the file and what to change.
public enum DataSetError: InputFileFailure, Equatable {
    /// A batch of no images.
    case batchTooSmall(Int)
    /// More images than the source has.
    case batchTooLarge(Int, source: String, available: Int)
    /// Random tokens of no vocabulary, or of one too large to draw from.
    case impossibleVocabulary(Int)
    /// No word that stands for a source of images.
    case unknownSource(String, known: [String], closest: String?)
    /// A source that needs a directory, without one.
    case directoryNotGiven(String)
    /// A source that takes no argument, with one.
    case unexpectedArgument(String, argument: String)
    /// A directory that is not there, or is a file.
    case directoryMissing(String)
    /// A file of a data set that is not there.
    case fileMissing(String)
    /// A file of a data set that is cut short or is something else. Sizes in bytes.
    case wrongSize(String, expected: Int, found: Int)
    /// A record whose label is no class.
    case labelOutOfRange(String, record: Int, label: Int, classCount: Int)
    /// Crops of `side` pixels from images whose shorter side may be less.
    case scalesBelowSide(Int, side: Int)
    /// Folders to train on and to test on whose classes are not the same: the first class that one of them lacks.
    case otherClasses(String, missing: String)
    /// A file or folder that the system does not let us read.
    case unreadable(String, reason: String)
    /// A name that is not UTF-8, as `FileName.escaped` writes it.
    case nameNotUTF8(String, folder: String)
    /// The directory holds a data set in a form that is not read, such as that for Python; the archive of the one that
    /// is.
    case otherForm(String, form: String, archive: String)
    /// The directory holds another data set: the word that reads it.
    case otherDataSet(String, name: String, word: String)
    /// The archive of a data set in the place of its directory, and the folder that it unpacks to.
    case packed(String, folder: String)
}

extension DataSetError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .batchTooSmall(let size):
            "A batch of \(size) images is impossible: it must have 1 or more."
        case .batchTooLarge(let size, let source, let available):
            "A batch of \(size) images is impossible: there are \(available) in \(source)."
        case .impossibleVocabulary(let size):
            "Tokens cannot be drawn from a vocabulary of \(size)."
        case .unknownSource(let word, let known, let closest):
            "Unknown data “\(word)”" + (closest.map { "; did you mean \($0)?" } ?? ".")
                + " Known are: \(known.joined(separator: ", "))."
        case .directoryNotGiven(let word):
            "“\(word)” needs the directory of its images: \(word):DIR."
        case .unexpectedArgument(let word, let argument):
            "“\(word)” takes no argument, but “\(argument)” follows it."
        case .directoryMissing(let path):
            "There is no directory \(path)." + HomeAbbreviation.note(on: path)
        case .fileMissing(let path):
            "The data file \(path) is missing."
        case .wrongSize(let path, let expected, let found):
            "\(path) should be \(expected) bytes long and is \(found): it is truncated or not the binary release."
        case .labelOutOfRange(let path, let record, let label, let classCount):
            "Record \(record) of \(path) has the label \(label), outside 0 to \(classCount - 1)."
        case .scalesBelowSide(let scale, let side):
            "A square of \(side) pixels cannot be cut out of images whose shorter side is brought to \(scale)."
        case .otherClasses(let path, let missing):
            "\(path) has no class folder “\(missing)”: the folders to train on and to test on need the same ones."
        case .unreadable(let path, let reason):
            "\(path) cannot be read: \(reason)."
        case .nameNotUTF8(let name, let folder):
            "The name \(name) in \(folder) is not UTF-8, and only UTF-8 names are read: rename it, as convmv does for whole folders."
        case .otherForm(let path, let form, let archive):
            "\(path) is \(form), and the binary release is read: unpack \(archive) from "
                + "https://www.cs.toronto.edu/~kriz/cifar.html and name its folder."
        case .otherDataSet(let path, let name, let word):
            "\(path) holds \(name): write \(word):\(path)."
        case .packed(let path, let folder):
            "\(path) is an archive: unpack it (tar -xzf) and name the folder that comes of it, \(folder)."
        }
    }
}
