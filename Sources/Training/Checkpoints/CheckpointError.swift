import Files

/// Why a checkpoint was not written or cannot be used, in one sentence that names the file or folder.
public enum CheckpointError: InputFileFailure, OutputFileFailure, Equatable {
    /// Nothing is there.
    case fileMissing(String)
    /// The system does not let us read it.
    case unreadable(String, reason: String)
    /// The system does not let us write it, such as on a full disk. Checkpoints written before are as they were.
    case unwritable(String, reason: String)
    /// It is not what was written: which of its files, and how one sees it.
    case damaged(String, reason: String)
    /// It is something else than a checkpoint.
    case foreign(String, reason: String)
    /// Only a checkpoint whose writing was cut short is there.
    case unfinished(String)
    /// It was written in a format that came later.
    case otherFormat(String, found: Int, known: Int)
    /// The weights of another network: the first tensor, in the order of computation, that differs.
    case otherArchitecture(String, tensor: String, TensorDifference)
    /// It is a file of another program's format.
    case foreignFormat(String, ForeignWeights)
    /// The file has far fewer tensors than the network has parameters.
    case tooFewTensors(String, tensors: Int, needed: Int)
    /// A value that no training run writes and nothing can be computed with: the first of so many in the tensor.
    case unusableValue(String, tensor: String, index: Int, value: Double, count: Int)
    /// The training run of another request: the first setting that differs.
    case otherConfiguration(String, setting: String, stored: String, asked: String)
}

/// How a tensor of a file is not the one that a network needs.
public enum TensorDifference: Sendable, Equatable {
    /// The file does not hold it.
    case missing
    /// The network has none of that name.
    case unexpected
    case dimensions(stored: [Int], needed: [Int])
    case type(stored: String, needed: String)
}

extension CheckpointError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .fileMissing(let path):
            "There is no checkpoint \(path)." + HomeAbbreviation.note(on: path)
        case .unreadable(let path, let reason):
            "\(path) cannot be read: \(reason)."
        case .unwritable(let path, let reason):
            "\(path) cannot be written: \(reason); checkpoints written before are as they were."
        case .damaged(let path, let reason):
            "The checkpoint \(path) is damaged: \(reason); name an earlier one to go on from, or remove it."
        case .foreign(let path, let reason):
            "\(path) is not a checkpoint of a training run: \(reason)."
        case .unfinished(let path):
            "\(path) holds only a checkpoint whose writing was cut short, which cannot be used: start anew."
        case .otherFormat(let path, let found, let known):
            "The checkpoint \(path) is in format \(found), and this version of propagate knows formats up to \(known)."
        case .otherArchitecture(let path, let tensor, let difference):
            "\(path) holds the weights of another network: \(difference.sentence(about: tensor))."
        case .foreignFormat(let path, let format): format.sentence(of: path)
        case .tooFewTensors(let path, let tensors, let needed):
            "\(path) holds the weights of another network: its tensors are \(tensors), and those of this one \(needed)."
        case .unusableValue(let path, let tensor, let index, let value, let count):
            "\(path) cannot be used: element \(index) of \(tensor) is \(value)"
                + (value < 0 && value.isFinite ? ", and no variance is negative" : "")
                + (count > 1 ? " (the first of \(count) such)." : ".")
        case .otherConfiguration(let path, let setting, let stored, let asked):
            "\(path) belongs to another training run: its \(setting) is \(stored), and \(asked) was asked for."
        }
    }
}

extension CheckpointError {
    /// Lines of Python that make a file of what was refused that can be read; none where there are no such.
    public var conversion: [String] {
        guard case .foreignFormat(let path, let format) = self else { return [] }
        return format.conversion(of: path)
    }
}

extension TensorDifference {
    fileprivate func sentence(about tensor: String) -> String {
        switch self {
        case .missing: "it has no \(tensor)"
        case .unexpected: "it has \(tensor), which this network does not have"
        case .dimensions(let stored, let needed):
            "\(tensor) has the dimensions \(stored), and this network needs \(needed)"
        case .type(let stored, let needed): "\(tensor) is of type \(stored), and \(needed) is needed"
        }
    }
}
