import Foundation
import Operators
import Tensors

@testable import ONNX

/// A model of one node, or of few, with inputs and what it has to make of them: of the ONNX project, or for an older
/// opset. `Scripts/onnx/backend_tests.py` prepares them.
struct NodeTest: Decodable, Sendable {
    enum Expectation: String, Decodable { case run, refuse }

    /// From the folder of all on.
    let folder: String
    let operators: [String]
    let opset: Int
    let expected: Expectation
    /// Why it is refused, in a word of refusals.txt.
    let reason: String?

    /// Whether only the first output is computed.
    var hasOneOutput: Bool { reason == "outputs" }
    /// Whether something is computed, and not what the data are.
    var hasOtherNumbers: Bool { ["bits", "data", "length", "training"].contains(reason) }
    /// Whether operators are asked for that are not read.
    var isOfOtherOperators: Bool { reason == "operator" || reason == "branches" }
}

/// The node tests of a folder.
struct NodeTestFolder: Decodable {
    /// Where they are, if they are anywhere.
    static let path = ProcessInfo.processInfo.environment["PROPAGATE_ONNX_NODE_TESTS"]

    let tests: [NodeTest]
    /// From which opsets on each operator that carries a signal has another definition.
    let changes: [String: [Int]]
    /// The operators of ONNX that are to be read.
    let read: Set<String>

    init(path: String) throws {
        let manifest = URL(filePath: path).appending(path: "manifest.json")
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: manifest))
    }
}

/// The inputs and outputs of a node test.
struct NodeTestData {
    let inputs: [String: FileTensor]
    /// Files of outputs, in order: of what is refused they may hold other things than a tensor.
    let outputs: [String]

    /// All of a test.
    static func all(of folder: String, for model: ModelFile) throws -> [NodeTestData] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasPrefix("test_data_set_") }.sorted()
            .map { try NodeTestData(folder: "\(folder)/\($0)", model) }
    }

    private init(folder: String, _ model: ModelFile) throws {
        var inputs: [String: FileTensor] = [:]
        for (index, input) in model.graph.inputs.enumerated() {
            inputs[input.name] = try FileTensor(path: "\(folder)/input_\(index).pb")
        }
        self.inputs = inputs
        outputs = model.graph.outputs.indices.map { "\(folder)/output_\($0).pb" }
    }
}
