import ArgumentParser

/// The words that name what is measured by where it lies: an operand that says which network it is, or weights of the
/// network that options describe.
struct WeightsOptions: ParsableArguments {
    static let title = "Weights"

    @Argument(
        help: ArgumentHelp(
            """
            A model of any framework (an ONNX file); or a trained network: the folder of a run or of a checkpoint, or \
            safetensors weights that say of which network they are.
            """, valueName: "network"))
    var operand: String?

    @Option(
        help: ArgumentHelp(
            """
            Trained weights of the network that the options describe: a run, a checkpoint, or safetensors under our \
            names or torchvision's. What they say of their network holds where no option does.
            """, valueName: "path"))
    var weights: String?

    var named: NamedWeights { NamedWeights(operand: operand, option: weights) }

    /// The path of a model of a file, where the operand is one.
    var model: String? {
        guard let operand, case .model(let path)? = try? MeasuredOperand(operand) else { return nil }
        return path
    }

    mutating func validate() throws {
        if let operand, let weights {
            throw ValidationError("\(operand) and --weights \(weights) both name weights: give one of them.")
        }
    }
}
