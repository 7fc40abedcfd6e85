import NumericalMethods
import ONNX
import Training

/// What the operand of `propagate analyze` is: the one place where its kind is decided.
enum MeasuredOperand {
    /// Weights of a built-in network, which say of which.
    case weights(StoredWeights)
    /// A model with its weights, at a path: an ONNX file.
    case model(String)

    /// - Throws: `OperandError`; `CheckpointError` where weights cannot be used.
    init(_ word: String) throws {
        guard NamedWeights.isThere(word) else { throw OperandError.nothingThere(word) }
        guard !ModelFile.isModel(path: word) else {
            self = .model(word)
            return
        }
        let weights = try StoredWeights(path: word)
        guard !(try weights.settings(of: NamedWeights.keys()).isEmpty) else {
            throw OperandError.unnamedNetwork(weights.path)
        }
        self = .weights(weights)
    }
}

/// Why an operand names nothing that can be measured.
enum OperandError: Error, Equatable, CustomStringConvertible {
    case nothingThere(String)
    case unnamedNetwork(String)

    var description: String {
        switch self {
        case .nothingThere(let word):
            "There is no file or folder “\(word)” to measure, and no command of that name"
                + (Self.command(like: word).map { "; did you mean \($0)?" } ?? ".")
        case .unnamedNetwork(let path):
            "\(path) does not say of which network it holds the weights: name the file with --weights, and its network "
                + "with --depth, --unit and the like."
        }
    }

    private static func command(like word: String) -> String? {
        let commands = PropagateCommand.configuration.subcommands
        return ClosestMatch.find(word, in: commands.compactMap { $0.configuration.commandName })
    }
}
