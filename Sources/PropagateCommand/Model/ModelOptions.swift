import ArgumentParser
import Graphs
import Operators

/// The options on a model that comes from a file.
struct ModelOptions: ParsableArguments {
    static let title = "Model of a file"

    /// What batch normalisations on the signal go by.
    enum Normalization: String, ExpressibleByArgument, CaseIterable {
        case file, running, batch

        var statistics: BatchNorm.Statistics? {
            switch self {
            case .file: nil
            case .running: .running
            case .batch: .batch
            }
        }
    }

    @Option(
        help: ArgumentHelp(
            "Inputs by name, and labels: .npz, .npy (one input) or .safetensors.", valueName: "file"))
    var batchFile: String?

    @Option(
        help: ArgumentHelp(
            "random:SEED draws them; else they are those of --batch-file (labels) or of --data.",
            valueName: "word"))
    var labels: String?

    @Option(
        help: ArgumentHelp(
            "Size of an extent that the file leaves open: NAME=SIZE, or INPUT[AXIS]=SIZE; may be repeated.",
            valueName: "word"))
    var dim: [String] = []

    @Option(
        help: ArgumentHelp(
            "Means of the channels of --data's images, of values 0 to 1: three numbers, or one for all.",
            valueName: "numbers"))
    var mean: String?

    @Option(help: ArgumentHelp("Standard deviations, as --mean.", valueName: "numbers"))
    var std: String?

    @Option(
        help: ArgumentHelp(
            "cross-entropy (default), or cotangent:SEED: the inner product of the output with random numbers.",
            valueName: "word"))
    var loss = "cross-entropy"

    @Option(
        name: .customLong("bn"),
        help: ArgumentHelp(
            "What BatchNormalization on the signal goes by: file (each as it says), running or batch statistics.",
            valueName: "word"))
    var normalization = Normalization.file

    @Option(
        help: ArgumentHelp(
            "The value that the loss is taken of; by default the model's first output.", valueName: "name"))
    var output: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Stack of units that is reported; 0 is the largest.", valueName: "number"))
    var stack = 0

    @Option(
        help: ArgumentHelp("A merge that is no residual unit; may be repeated.", valueName: "value"))
    var notAUnit: [String] = []

    @Option(help: ArgumentHelp("A node that is a weight layer; may be repeated.", valueName: "value"))
    var weightLayer: [String] = []

    @Option(
        help: ArgumentHelp(
            "A node that is none, such as a fixed blur; may be repeated.", valueName: "value"))
    var noWeightLayer: [String] = []

    mutating func validate() throws {
        do {
            _ = try sizes
            _ = try randomLabels
            _ = try cotangentSeed
            _ = try scaling
        } catch let error as ModelOptionError { throw ValidationError("\(error)") }
        try OptionRange.require("--stack", stack, in: 0...1_000_000)
    }
}

/// What the words mean.
extension ModelOptions {
    /// Extents that the file leaves open.
    var sizes: [String: Int] {
        get throws {
            var sizes: [String: Int] = [:]
            for word in dim {
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2, let size = Int(parts[1]), (1...1_000_000_000).contains(size) else {
                    throw ModelOptionError.dimension(word)
                }
                sizes[parts[0]] = size
            }
            return sizes
        }
    }

    /// The seed that labels are drawn by; `nil` where they are given.
    var randomLabels: UInt64? {
        get throws {
            guard let labels else { return nil }
            guard let seed = Self.seed(in: labels, after: "random:") else {
                throw ModelOptionError.labels(labels)
            }
            return seed
        }
    }

    /// The seed of the output's cotangent; `nil` of cross-entropy.
    var cotangentSeed: UInt64? {
        get throws {
            guard loss != "cross-entropy" else { return nil }
            guard let seed = Self.seed(in: loss, after: "cotangent:") else {
                throw ModelOptionError.loss(loss)
            }
            return seed
        }
    }

    /// Mean and deviation of values 0 to 1, by channel; one number stands for all channels.
    var scaling: (mean: [Double], deviation: [Double])? {
        get throws {
            guard mean != nil || std != nil else { return nil }
            let (means, deviations) = (
                try Self.numbers(mean ?? "0", of: "--mean"), try Self.numbers(std ?? "1", of: "--std")
            )
            guard deviations.allSatisfy({ $0 > 0 }) else {
                throw ModelOptionError.numbers("--std", std ?? "")
            }
            return (means, deviations)
        }
    }

    private static func seed(in word: String, after prefix: String) -> UInt64? {
        word.hasPrefix(prefix) ? UInt64(word.dropFirst(prefix.count)) : nil
    }

    private static func numbers(_ text: String, of option: String) throws(ModelOptionError) -> [Double] {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
            Double($0.trimmingPrefix(" "))
        }
        guard !numbers.contains(nil), numbers.compactMap(\.self).allSatisfy(\.isFinite) else {
            throw .numbers(option, text)
        }
        return numbers.compactMap(\.self)
    }

    /// What the user says of the graph's units.
    ///
    /// - Parameter shortcuts: MERGE=OPERAND[,OPERAND], several behind a semicolon.
    func overrides(shortcuts: String?) throws(ModelOptionError) -> UnitOverrides {
        var overrides = UnitOverrides()
        overrides.stack = stack
        overrides.notUnits = Set(notAUnit)
        overrides.weightLayers = Dictionary(
            weightLayer.map { ($0, true) } + noWeightLayer.map { ($0, false) }
        ) { _, last in last }
        for word in shortcuts?.split(separator: ";").map(String.init) ?? [] {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw .shortcut(word) }
            overrides.shortcuts[parts[0]] = parts[1].split(separator: ",").map(String.init)
        }
        return overrides
    }
}

/// Why the words of an option on a model say nothing.
enum ModelOptionError: Error, Equatable, CustomStringConvertible {
    case dimension(String)
    case labels(String)
    case loss(String)
    case numbers(String, String)
    case shortcut(String)

    var description: String {
        switch self {
        case .dimension(let word):
            "--dim \(word) sets no size: write NAME=SIZE, as in --dim batch=8, or INPUT[AXIS]=SIZE."
        case .labels(let word):
            "--labels \(word) names no labels: write random:SEED, as in --labels random:0."
        case .loss(let word):
            "--loss \(word) names no loss: it is cross-entropy, or cotangent:SEED, as in cotangent:0."
        case .numbers(let option, let text):
            "\(option) \(text) gives no numbers: write one, or one a channel, as in 0.485,0.456,0.406."
        case .shortcut(let word):
            "--shortcut \(word) names no shortcut of a merge of this model: write MERGE=OPERAND, names of its values."
        }
    }
}
