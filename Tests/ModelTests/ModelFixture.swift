import Analysis
import Arrays
import Foundation
import Graphs
import Kernels
import ONNX
import Operators
import Tensors

/// A tiny network as an ONNX file, its batch, and what float64 and autograd in PyTorch find in it:
/// `Scripts/pytorch/make_model_fixtures.py`.
struct ModelFixture: Sendable {
    struct Answers: Decodable, Sendable {
        let units: [Unit]
        let loss: Double
        /// x_0 … x_L.
        let rows: [Row]
    }

    struct Unit: Decodable, Sendable, Equatable {
        let label: String
        let kind: String
    }

    /// Of norms log10; `nil` where a norm is exactly 0.
    struct Row: Decodable, Sendable {
        let forwardRms: Double
        let gradientLog10: Double?
        let directLog10: Double?
        let throughWeightsLog10: Double?
        let cosine: Double?
        let stageDirectLog10: Double?
        let stageThroughWeightsLog10: Double?
        /// The same at y_l.
        let merge: Merge?
    }

    struct Merge: Decodable, Sendable {
        let forwardRms: Double
        let gradientLog10: Double?
        let directLog10: Double?
        let throughWeightsLog10: Double?
        let cosine: Double?
    }

    static let names = ["original", "pooled", "decoder", "gates", "streams"]

    let name: String
    let answers: Answers

    init(named name: String) throws {
        self.name = name
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        answers = try decoder.decode(
            Answers.self, from: Data(contentsOf: URL(filePath: Self.path(name, "json"))))
    }

    static func path(_ name: String, _ ending: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/models/\(name).\(ending)").path(percentEncoded: false)
    }

    func read<Scalar: KernelScalar>(in precision: Scalar.Type) throws -> (ReadModel<Scalar>, Labels) {
        let path = Self.path(name, "onnx")
        let batch = try NamedArrays(readingFrom: Self.path(name, "npz"))
        var (arrays, labels) = ([String: Value<Scalar>](), Labels([]))
        for array in batch.arrays {
            let whole = array.wholes.map { WholeTensor($0, shape: array.shape) }
            if array.name == "labels" {
                labels = Labels(array.wholes ?? [], shape: array.shape)
            } else {
                arrays[array.name] = try whole.map { .whole($0) } ?? Value(array.real())
            }
        }
        return (try ReadModel(ModelFile(path: path), file: name, arrays: arrays), labels)
    }

    func measured<Scalar: KernelScalar>(in precision: Scalar.Type) throws -> AnalysisResult {
        let (read, labels) = try read(in: precision)
        let subject = ModelSubject(
            try ResidualModel(of: read.graph), read.arguments, loss: .crossEntropy(labels), name: name)
        return try SignalAnalysis(subject, options: AnalysisOptions(probes: .all, measuresSums: true)).run()
    }
}

extension NamedArray {
    private struct NotReal: Error {}

    fileprivate func real<Scalar: TensorScalar>() throws -> Tensor<Scalar> {
        guard let tensor = tensor(of: Scalar.self) else { throw NotReal() }
        return tensor
    }
}
