import Foundation
import Kernels
import ResidualNetworks
import Tensors
import Testing

@Suite("Parameters")
struct ParameterCountTests {
    /// Counts nothing but shapes: every value is 0.
    struct Zeros: ParameterSource {
        func values<Scalar: KernelScalar>(
            name: String, dimensions: [Int], role: ParameterRole
        ) -> Tensor<Scalar> {
            Tensor(zeros: Shape(1, dimensions.reduce(1, *)))
        }
    }

    /// A file of Tests/Fixtures, made by an independent framework.
    struct Fixture: Decodable {
        struct Counted: Decodable {
            var depth: Int
            var block: String
            var unit: String
            var shortcut: String
            var classes: Int
            var units: Int
            var parameters: Int
        }
        struct Named: Decodable {
            var unit: String
            var block: String
            var shortcut: String
            var tensors: [String: [Int]]
        }
        var networks: [Counted]
        var tensorNames: [Named]

        enum CodingKeys: String, CodingKey {
            case networks
            case tensorNames = "tensor_names"
        }

        static func load() throws -> Fixture {
            let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Fixtures/parameter-counts.json")
            return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
        }
    }

    private func network(
        depth: Int, block: BlockDesign, layout: UnitLayout = .fullPreactivation,
        shortcut: String = "identity",
        classes: Int = 10, baseWidth: Int = 16
    ) throws -> Network<Double> {
        let units = try CIFARArchitecture().unitsPerStage(depth: depth, block: block)
        let design = NetworkDesign(
            block: block, unitsPerStage: units, layout: layout,
            shortcut: try ShortcutVocabulary.paper.shortcut(for: shortcut), baseWidth: baseWidth,
            classes: classes)
        return try Network(design, parameters: Zeros())
    }

    private func layout(_ name: String) throws -> UnitLayout {
        try #require(UnitLayout.paper.first { $0.name == name })
    }
    private func block(_ name: String) throws -> BlockDesign {
        try #require(BlockDesign.paper.first { $0.name == name })
    }

    /// The paper's 1.7M, 1.7M, 10.2M (convolutions and classifier only) and 19.4M.
    @Test(arguments: [
        (110, 54, 1_727_962), (164, 54, 1_703_258), (1001, 333, 10_327_706), (1202, 600, 19_421_274),
    ])
    func countsOfThePaper(depth: Int, units: Int, parameters: Int) throws {
        let block = try CIFARArchitecture().defaultBlock(depth: depth)
        let network = try network(depth: depth, block: block)
        let design = try #require(network.design)
        #expect(network.parameterCount == parameters)
        #expect(try ParameterCount(of: design).elements == parameters)
        #expect(design.unitCount == units)
        #expect(design.depth == depth)
        if depth == 1001 {
            let weights = network.parameters.filter { !$0.name.contains(".bn") }
            let millions = Double(weights.reduce(0) { $0 + $1.count }) / 1e6
            #expect((10.15..<10.25).contains(millions))
        }
    }

    @Test func countsOfAnIndependentFramework() throws {
        let fixture = try Fixture.load()
        #expect(fixture.networks.count >= 18)
        for counted in fixture.networks {
            let network = try network(
                depth: counted.depth, block: block(counted.block), layout: layout(counted.unit),
                shortcut: counted.shortcut, classes: counted.classes)
            #expect(network.parameterCount == counted.parameters, "\(counted)")
            #expect(try network.model(batch: 2).model.units.count == counted.units, "\(counted)")
        }
    }

    /// Every trainable tensor under its documented name and with its documented shape, once.
    @Test func namesAndShapesOfAnIndependentFramework() throws {
        let fixture = try Fixture.load()
        #expect(fixture.tensorNames.count >= 10)
        for named in fixture.tensorNames {
            let block = try block(named.block)
            let network = try network(
                depth: CIFARArchitecture().depth(unitsPerStage: [2, 2, 2], block: block), block: block,
                layout: layout(named.unit), shortcut: named.shortcut, classes: 5, baseWidth: 4)
            let found = network.parameters.map { ($0.name, $0.dimensions) }
            #expect(Dictionary(found) { first, _ in first } == named.tensors, "\(named.unit) \(named.block)")
            #expect(found.count == named.tensors.count, "a tensor is listed twice")
            #expect(network.parameters.allSatisfy { $0.values.shape.count == $0.count })
        }
    }

    /// A parameter's initial value depends on its name and the seed alone.
    @Test func initialisationFollowsHe() throws {
        let source = HeInitialization(seed: 3)
        let weights: Tensor<Double> = source.values(name: "w", dimensions: [64, 8, 3, 3], role: .weight)
        let again: Tensor<Double> = source.values(name: "w", dimensions: [64, 8, 3, 3], role: .weight)
        let other: Tensor<Double> = source.values(name: "w2", dimensions: [64, 8, 3, 3], role: .weight)
        #expect(weights.elements == again.elements)
        #expect(weights.elements != other.elements)
        let variance = weights.elements.reduce(0) { $0 + $1 * $1 } / 4608
        // 2/fan-out = 2/(64·9); the variance of 4608 normals is good to √(2/4608) = 2 %, three of which are 6 %.
        #expect(abs(variance * 64 * 9 / 2 - 1) < 0.06)
        let classifier: Tensor<Double> = source.values(
            name: "fc", dimensions: [50, 100], role: .classifierWeight)
        #expect(abs(classifier.elements.reduce(0) { $0 + $1 * $1 } / 50 - 1) < 0.06)
        let bias: Tensor<Float> = source.values(name: "g", dimensions: [3], role: .constant(-6))
        #expect(bias.elements == [-6, -6, -6])
    }
}
