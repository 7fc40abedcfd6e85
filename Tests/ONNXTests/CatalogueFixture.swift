import Foundation
import Operators
import Tensors

@testable import ONNX

/// A node with operands and what ONNX's reference implementation makes of it, in double precision:
/// `Scripts/onnx/make_catalogue_fixtures.py`.
struct CatalogueFixture: Decodable, Sendable, CustomStringConvertible {
    struct Numbers: Decodable, Sendable {
        let type: Int
        let shape: [Int]
        let values: [Number]
    }

    /// JSON has no infinities.
    struct Number: Decodable, Sendable {
        let value: Double

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                value = number
            } else {
                value = Double(try container.decode(String.self)) ?? .nan
            }
        }
    }

    struct Stated: Decodable, Sendable {
        let int: Int?
        let float: Float?
        let string: String?
        let ints: [Int]?
        let floats: [Float]?
        let tensor: Numbers?
    }

    let name: String
    let type: String
    let domain: String?
    /// Of the set of operators; what is computed is the same in all.
    let versions: [Int]
    let attributes: [String: Stated]?
    let inputs: [Numbers?]?
    /// Slots whose numbers have to be known before the signal is.
    let constants: [Int]?
    /// `null` of those that nothing computes.
    let outputs: [Numbers?]

    var description: String { name }

    static let all: [CatalogueFixture] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/catalogue.json")
        return (try? JSONDecoder().decode([CatalogueFixture].self, from: Data(contentsOf: file))) ?? []
    }()

    var node: FileNode {
        FileNode(
            type, name: name, domain: domain ?? "",
            inputs: (inputs ?? []).enumerated().map { $1 == nil ? "" : "x\($0)" },
            outputs: outputs.indices.map { "y\($0)" },
            attributes: (attributes ?? [:]).compactMapValues(\.attribute))
    }

    /// - Parameter known: slots of inputs whose numbers are known; those that have to be where nothing is said.
    func evaluated(version: Int, known: Set<Int>? = nil) throws -> EvaluatedNode {
        try EvaluatedNode(
            node, version: version, inputs: (inputs ?? []).map { $0?.input },
            known: known ?? Set(constants ?? []))
    }
}

extension CatalogueFixture.Stated {
    var attribute: Attribute? {
        if let int { return .int(int) }
        if let float { return .float(float) }
        if let string { return .string(string) }
        if let ints { return .ints(ints) }
        if let floats { return .floats(floats) }
        return tensor.map { .tensor($0.tensor) }
    }
}

extension CatalogueFixture.Numbers {
    var elementType: ElementType { ElementType(rawValue: type) ?? .string }
    var doubles: [Double] { values.map(\.value) }

    var input: EvaluatedNode.Input {
        let shape = Shape(axes: shape)
        let value: Value<Double> =
            elementType.kind == .real
            ? Value(Tensor(doubles, shape: shape))
            : .whole(WholeTensor(doubles.map { Int(exactly: $0) ?? .max }, shape: shape))
        return EvaluatedNode.Input(value: value, type: elementType)
    }

    fileprivate var tensor: FileTensor {
        FileTensor(
            "", type: elementType, shape: Shape(axes: shape),
            content: elementType.kind == .real
                ? .reals(doubles) : .wholes(doubles.map { Int(exactly: $0) ?? .max }))
    }
}
