import Foundation
import Kernels
import ResidualNetworks
import Tensors
import Testing

@Suite("ImageNet networks")
struct ImageNetArchitectureTests {
    private let imageNet = ImageNetArchitecture()

    private func design(
        depth: Int, _ layout: UnitLayout, width: Int = 64, side: Int = 224, classes: Int = 1000
    ) throws -> NetworkDesign {
        let block = try imageNet.defaultBlock(depth: depth)
        return NetworkDesign(
            architecture: imageNet, block: block,
            unitsPerStage: try imageNet.unitsPerStage(depth: depth, block: block), layout: layout,
            baseWidth: width, classes: classes, input: Shape(1, 3, side, side))
    }

    @Test(arguments: [
        (18, "basic", [2, 2, 2, 2]), (34, "basic", [3, 4, 6, 3]), (50, "bottleneck", [3, 4, 6, 3]),
        (101, "bottleneck", [3, 4, 23, 3]), (152, "bottleneck", [3, 8, 36, 3]),
        (200, "bottleneck", [3, 24, 36, 3]),
    ])
    func unitsOfEveryDepth(depth: Int, block: String, units: [Int]) throws {
        let design = try design(depth: depth, .fullPreactivation)
        #expect(design.block.name == block && design.unitsPerStage == units)
        #expect(design.depth == depth && design.unitCount == units.reduce(0, +))
    }

    @Test func otherDepthsNameTheNearest() {
        for (depth, block, nearest) in [
            (110, nil, [101, 152]), (5, nil, [18]), (1001, nil, [200]), (50, BlockDesign.basic, [34]),
            (18, .bottleneck, [50]), (20, .single, [18, 34]),
        ] as [(Int, BlockDesign?, [Int])] {
            #expect {
                if let block { _ = try imageNet.unitsPerStage(depth: depth, block: block) }
                _ = try imageNet.defaultBlock(depth: depth)
            } throws: { error in
                guard case NetworkError.impossibleDepth(depth, _, nearest) = error else { return false }
                return "\(error)".contains("imagenet")
            }
        }
    }

    /// Those of the original networks are known to everyone, and the stride's place does not alter them.
    ///
    /// A pre-activated one has the same convolutions. Every unit's last BN, behind its 4w (or w) outputs, becomes the
    /// first of the next unit or of the head, so that these stay as many. What it has not is the BN behind each
    /// projection, two parameters a channel: 2·(256 + 512 + 1024 + 2048) = 7,680 with bottlenecks,
    /// 2·(128 + 256 + 512) = 1,792 with basic blocks, whose first stage needs no projection.
    /// ResNet-200 has 16 units more than ResNet-152, all in the second stage.
    @Test(arguments: [
        (18, 11_689_512, 1_792), (34, 21_797_672, 1_792), (50, 25_557_032, 7_680), (101, 44_549_160, 7_680),
        (152, 60_192_808, 7_680), (200, 64_673_832, 7_680),
    ])
    func parameterCounts(depth: Int, original: Int, ofProjections: Int) throws {
        func count(_ layout: UnitLayout) throws -> Int {
            try ParameterCount(of: design(depth: depth, layout)).elements
        }
        #expect(try count(.original) == original)
        #expect(try count(.fullPreactivation) == original - ofProjections)
    }

    /// 16 units more in the second stage, of 512·128 + 9·128·128 + 128·512 weights and 2·(128 + 128 + 512) of BN.
    @Test func deepestDiffersByItsSecondStage() {
        let weights: Int = 512 * 128 + 9 * 128 * 128 + 128 * 512
        let normalizations: Int = 2 * (128 + 128 + 512)
        #expect(64_673_832 == 60_192_808 + 16 * (weights + normalizations))
    }

    @Test(arguments: [
        (224, [56, 28, 14, 7]), (320, [80, 40, 20, 10]), (64, [16, 8, 4, 2]), (33, [9, 5, 3, 2]),
        (8, [2, 1, 1, 1]),
    ])
    func extentsOfTheStages(side: Int, sides: [Int]) throws {
        let design = try design(depth: 50, .original, side: side)
        let model = try design.model(batch: 1, mode: .inference)
        let shapes = model.model.rowShapes
        #expect(shapes[0] == Shape(1, 64, sides[0], sides[0]) && shapes[0] == design.stemOutput)
        #expect([3, 7, 13, 16].map { shapes[$0].height } == sides)
        #expect([3, 7, 13, 16].map { shapes[$0].channels } == [256, 512, 1024, 2048])
        #expect(model.graph.nodes[model.graph.output].shape == Shape(1, 1000, 1, 1))
    }

    /// What is announced is what comes out, in both kernel sets, for every unit, at an odd extent.
    @Test(arguments: UnitLayout.paper.map(\.name), [18, 50])
    func runsInBothPrecisions(unit: String, depth: Int) throws {
        let layout = try #require(UnitLayout.paper.first { $0.name == unit })
        let design = try design(depth: depth, layout, width: 4, side: 33, classes: 5)
        func logits<Scalar: KernelScalar>(_ type: Scalar.Type) throws -> [Double] {
            let network = try Network<Scalar>(design, parameters: HeInitialization(seed: 1))
            let shape = design.input.with(batch: 3)
            let pixels = (0..<shape.count).map { Scalar(sin(Double($0 * $0 % 1009))) }
            return try network.logits(of: Tensor(pixels, shape: shape), masks: SeededMasks(seed: 0))
                .elements.map { Double($0) }
        }
        let (single, double) = try (logits(Float.self), logits(Double.self))
        #expect(double.count == 15 && double.allSatisfy { $0.isFinite })
        // Depth times some hundred roundings of 6e−8; batches of 3 positions in the last stage amplify them.
        let size = double.map(abs).max() ?? 0
        #expect(zip(single, double).allSatisfy { abs($0 - $1) < 1e-2 * size }, "\(single) and \(double)")
    }
}
