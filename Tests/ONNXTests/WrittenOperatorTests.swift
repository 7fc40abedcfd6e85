import Graphs
import Kernels
import Operators
import TemporaryFolders
import Tensors
import Testing

@testable import ONNX

/// What the catalogue reads, written by the table of forms and read once more: every operator that a graph can have.
struct WrittenOperatorTests {
    /// Those without a form: of conditions and places, of later sets of operators, and some that no network here has.
    private static let refused: Set = [
        "ArgMax", "Attention", "Cast", "Celu", "Einsum", "Equal", "GroupNormalization", "Mod",
        "RMSNormalization", "Resize", "ScatterElements", "ScatterND", "TopK", "Where",
    ]

    @Test("What is written computes the same", arguments: CatalogueFixture.all)
    func values(fixture: CatalogueFixture) throws {
        guard let (read, arrays) = try fixture.read() else { return }
        let file: ModelFile
        do {
            file = try ModelFile(read.graph, read.arguments)
        } catch GraphWritingError.noForm(let operation, _) {
            #expect(Self.refused.contains(operation), "\(operation)")
            return
        }
        let again = try ReadModel(try file.readAgain(), file: "again.onnx", arrays: arrays)
        #expect(try again.output().shape == read.output().shape)
        #expect(try again.output().elements.map(\.bitPattern) == read.output().elements.map(\.bitPattern))
    }

    @Test("Most of the catalogue is written")
    func completeness() throws {
        var (written, refused) = (Set<String>(), Set<String>())
        for fixture in CatalogueFixture.all {
            guard let (read, _) = try fixture.read() else { continue }
            do {
                written.formUnion(try ModelFile(read.graph, read.arguments).graph.nodes.map(\.type))
            } catch GraphWritingError.noForm(let operation, _) { refused.insert(operation) }
        }
        #expect(refused == Self.refused)
        #expect(written.count > 70, "\(written.sorted())")
    }
}

extension CatalogueFixture {
    /// The fixture's node as a model whose real operands are inputs; `nil` where it makes no real numbers of real ones.
    fileprivate func read() throws -> (model: ReadModel<Double>, arrays: [String: Value<Double>])? {
        guard outputs.first??.elementType.kind == .real, domain == nil else { return nil }
        var (arrays, initializers) = ([String: Value<Double>](), [FileTensor]())
        for (slot, numbers) in (inputs ?? []).enumerated() {
            guard let numbers else { continue }
            let shape = Shape(axes: numbers.shape)
            if numbers.elementType.kind == .real, constants?.contains(slot) != true {
                arrays["x\(slot)"] = numbers.input.value
            } else {
                let isReal = numbers.elementType.kind == .real
                initializers.append(
                    FileTensor(
                        "x\(slot)", type: numbers.elementType, shape: shape,
                        content: isReal
                            ? .reals(numbers.doubles)
                            : .wholes(numbers.doubles.map { Int(exactly: $0) ?? .max })))
            }
        }
        guard !arrays.isEmpty, let version = versions.last else { return nil }
        let file = ModelFile(
            operatorSets: ["": version],
            graph: FileGraph(
                nodes: [node], initializers: initializers,
                inputs: arrays.keys.sorted().map { FileValue($0, type: .float64, extents: nil) },
                outputs: [FileValue("y0", type: nil, extents: nil)]))
        return (try ReadModel(file, file: name, arrays: arrays), arrays)
    }
}

extension ModelFile {
    /// The model that its bytes are read as.
    fileprivate func readAgain() throws -> ModelFile {
        let folder = try TemporaryFolder()
        return try folder.model(bytes())
    }
}

extension ReadModel {
    fileprivate func output() throws -> Tensor<Scalar> {
        try GraphEvaluation(EvaluationPlan(graph, derivativesTo: []), arguments).output
    }
}
