import ResidualNetworks
import Testing

@testable import Training

@Suite("Networks that names and shapes tell")
struct RecognizedNetworkTests {
    private static let words = [
        "architecture": "imagenet", "unit": "original", "size-change": "projection", "stride": "spatial",
        "width": "1", "classes": "1000",
    ]

    /// Names and shapes of torchvision's networks, written down from their architecture.
    private func shapes(_ block: String, _ units: [Int], width: Int = 64) throws -> [String: [Int]] {
        var fixture = try #require(try StateDictionaryFixture.load().first { $0.block == block })
        (fixture.units, fixture.width, fixture.classes) = (units, width, 1000)
        return fixture.shapes
    }

    @Test(
        "torchvision's ResNets",
        arguments: [
            ("basic", 18, [2, 2, 2, 2]), ("basic", 34, [3, 4, 6, 3]), ("bottleneck", 50, [3, 4, 6, 3]),
            ("bottleneck", 101, [3, 4, 23, 3]), ("bottleneck", 152, [3, 8, 36, 3]),
        ])
    func imageNet(block: String, depth: Int, units: [Int]) throws {
        let shapes = try shapes(block, units)
        let expected = Self.words.merging(["block": block, "depth": String(depth)]) { $1 }
        #expect(RecognizedNetwork(shapes: shapes)?.words == expected)
        let wrapped = Dictionary(uniqueKeysWithValues: shapes.map { ("module.\($0.key)", $0.value) })
        #expect(RecognizedNetwork(shapes: wrapped)?.words == expected)
    }

    @Test func widthsAndNetworksOfThreeStages() throws {
        #expect(
            RecognizedNetwork(shapes: try shapes("basic", [2, 2, 2, 2], width: 128))?.words["width"] == "2")
        var cifar = try shapes("basic", [3, 3, 3], width: 16)
        cifar["conv1.weight"] = [16, 3, 3, 3]
        let words = try #require(RecognizedNetwork(shapes: cifar)?.words)
        #expect(words["architecture"] == "cifar" && words["depth"] == "20" && words["width"] == "1")
        // Without projections: nobody knows where zero channels go.
        #expect(RecognizedNetwork(shapes: cifar.filter { !$0.key.contains("downsample") }) == nil)
    }

    @Test func whatIsNoBuiltInNetworkIsNotTakenForOne() throws {
        let whole = try shapes("bottleneck", [3, 4, 6, 3])
        func changed(_ name: String, _ shape: [Int]?) -> RecognizedNetwork? {
            var shapes = whole
            shapes[name] = shape
            return RecognizedNetwork(shapes: shapes)
        }
        #expect(changed("fc.weight", nil) == nil)
        #expect(changed("fc.weight", []) == nil)
        #expect(changed("conv1.weight", [64, 3, 3, 3]) == nil)
        #expect(changed("conv1.weight", [64, 3]) == nil)
        #expect(changed("conv1.weight", [96, 3, 7, 7]) == nil)
        #expect(changed("layer1.3.conv1.weight", [64, 256, 1, 1]) == nil)
        #expect(changed("layer5.0.conv1.weight", [1]) == nil)
        #expect(RecognizedNetwork(shapes: try shapes("bottleneck", [2, 2, 2, 2])) == nil)
        #expect(RecognizedNetwork(shapes: [:]) == nil)
    }
}
