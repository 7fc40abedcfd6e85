import Analysis
import Graphs
import Kernels
import ONNX
import Operators
import ProofSupport
import ResidualNetworks
import TemporaryFolders
import Tensors

/// A network on a batch, and what is read of the file that it was written to.
struct ReadAgain<Scalar: KernelScalar> {
    let built: NetworkSubject<Scalar>
    let read: ReadModel<Scalar>
    let found: ResidualModel

    init(_ design: NetworkDesign, mode: AnalysisOptions.Mode, batch count: Int = 4) throws {
        let network = try Network<Scalar>(design, parameters: FormulaParameters())
        let shape = design.input.with(batch: count)
        // The same numbers in both precisions, and the bits of single precision.
        let images: Tensor<Float> = randomTensor(shape, seed: 1, name: "images")
        let batch = LabelledBatch<Scalar>(
            images.elements.map { Scalar($0) }, shape: shape, labels: (0..<count).map { $0 % design.classes })
        built = try NetworkSubject(network, on: batch, mode: mode, masks: SeededMasks(seed: 1))
        read = try Self.read(built, batch: images.elements.map { Scalar($0) }, shape)
        found = try ResidualModel(of: read.graph)
    }

    private static func read(
        _ subject: NetworkSubject<Scalar>, batch: [Scalar], _ shape: Shape
    ) throws -> ReadModel<Scalar> {
        let file = try ModelFile(
            subject.model.path.graph.applying(Reshape.flatten(), name: "logits"), subject.arguments(),
            batch: "batch")
        let folder = try TemporaryFolder()
        try file.write(to: folder.path("m.onnx"))
        return try ReadModel(
            ModelFile(path: folder.path("m.onnx")), file: "m.onnx",
            arrays: ["images": Value(Tensor(batch, shape: shape))])
    }

    var options: AnalysisOptions { AnalysisOptions(mode: built.mode, probes: .all, measuresSums: true) }

    /// The network as it was built, measured, and as it was read.
    func results() throws -> (built: AnalysisResult, read: AnalysisResult) {
        (
            try SignalAnalysis(built, options: options).run(),
            try SignalAnalysis(
                ModelSubject(found, read.arguments, loss: built.loss), options: options
            ).run()
        )
    }
}

extension AnalysisResult {
    /// All that the sweeps measured, by name and row: not what a design states, as the product of the shortcuts.
    var numbers: [String: Double?] {
        var numbers: [String: Double?] = ["loss": loss]
        for row in units {
            func add(_ name: String, _ number: Double?) { numbers["\(name) of row \(row.unit)"] = number }
            add("stage", Double(row.stage))
            add("channels", Double(row.channels))
            add("forward RMS", row.forwardRMS)
            add("channel mean square", row.channelMeanSquare)
            add("channel variance", row.channelVariance)
            add("gradient", row.gradientLog10)
            add("direct", row.directLog10)
            add("through weights", row.throughWeightsLog10)
            add("cosine", row.cosine)
            add("stage direct", row.stageDirectLog10)
            add("stage through weights", row.stageThroughWeightsLog10)
            add("digits left", row.digitsLeft)
            add("sum forward RMS", row.sum?.forwardRMS)
            add("sum gradient", row.sum?.gradient.value)
            add("sum direct", row.sum?.direct.value)
            add("sum through weights", row.sum?.throughWeights.value)
            add("sum cosine", row.sum?.cosine)
        }
        return numbers
    }
}

/// The numbers that differ by more than a share of the larger of themselves and 1.
func differences(_ a: [String: Double?], _ b: [String: Double?], tolerance: Double = 0) -> [String] {
    Set(a.keys).union(b.keys).sorted().compactMap { name in
        let (x, y) = (a[name] ?? nil, b[name] ?? nil)
        guard let x, let y else { return x == y ? nil : "\(name): \(x as Any) and \(y as Any)" }
        // Not greater: a NaN differs.
        return abs(x - y) <= tolerance * max(1, abs(x), abs(y)) ? nil : "\(name): \(x) and \(y)"
    }
}
