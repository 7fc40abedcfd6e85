import ResidualNetworks
import Testing

@Suite("Depth rules")
struct DepthRuleTests {
    private let cifar = CIFARArchitecture()
    private let dense = DenseArchitecture()

    @Test(arguments: [
        (110, BlockDesign.basic, 18), (1202, .basic, 200), (20, .basic, 3), (8, .basic, 1),
        (164, .bottleneck, 18), (1001, .bottleneck, 111), (11, .bottleneck, 1), (5, .single, 1),
        (32, .single, 10),
    ])
    func unitsAStageAndBack(depth: Int, block: BlockDesign, units: Int) throws {
        #expect(try cifar.unitsPerStage(depth: depth, block: block) == [units, units, units])
        #expect(cifar.depth(unitsPerStage: [units, units, units], block: block) == depth)
    }

    /// The nearest possible depth on either side; the smallest one for what is below it.
    @Test(arguments: [
        (111, BlockDesign.basic, [110, 116]), (109, .basic, [104, 110]), (1000, .bottleneck, [992, 1001]),
        (7, .basic, [8]), (9, .basic, [8, 14]), (2, .basic, [8]), (0, .basic, [8]), (-5, .single, [5]),
        (6, .single, [5, 8]), (.min, .basic, [8]), (.min + 1, .single, [5]),
        // Int.max is 6n + 1 and 9n + 7, and no depth above it can be told.
        (.max, .basic, [.max - 5]), (.max - 1, .single, [.max - 2]),
    ])
    func impossibleDepthsNameTheNearest(depth: Int, block: BlockDesign, nearest: [Int]) {
        #expect {
            try cifar.unitsPerStage(depth: depth, block: block)
        } throws: { error in
            guard case NetworkError.impossibleDepth(depth, _, nearest) = error else { return false }
            return nearest.allSatisfy { "\(error)".contains("\($0)") }
        }
    }

    /// Bottleneck for 164 and 1001, otherwise the first of basic, bottleneck, single that fits.
    @Test(arguments: [
        (110, "basic"), (164, "bottleneck"), (1001, "bottleneck"), (1202, "basic"), (20, "basic"),
        (8, "basic"),
        (11, "bottleneck"), (29, "bottleneck"), (5, "single"), (23, "single"), (17, "single"),
    ])
    func defaultBlocks(depth: Int, name: String) throws {
        #expect(try cifar.defaultBlock(depth: depth).name == name)
    }

    @Test func depthWithoutAnyBlockNamesNearest() {
        #expect(throws: NetworkError.self) { try cifar.defaultBlock(depth: 111) }
        #expect(throws: NetworkError.self) { try cifar.defaultBlock(depth: 4) }
        #expect {
            try cifar.defaultBlock(depth: 112)
        } throws: { error in
            guard case NetworkError.impossibleDepth(112, _, let nearest) = error else { return false }
            return nearest.allSatisfy { (try? cifar.defaultBlock(depth: $0)) != nil }
        }
    }

    /// A rule of one block would be the wrong one where another block is what comes of the nearest depth: 100,001 is a
    /// bottleneck's.
    @Test func depthWithoutAnyBlockNamesTheRuleOfEach() throws {
        #expect(try cifar.defaultBlock(depth: 100_001).name == "bottleneck")
        #expect {
            try cifar.defaultBlock(depth: 100_000)
        } throws: { error in
            "\(error)".contains(
                "a cifar network has 6n + 2 (basic), 9n + 2 (bottleneck) or 3n + 2 (single) layers")
        }
        #expect {
            try cifar.unitsPerStage(depth: 100_000, block: .basic)
        } throws: { error in
            "\(error)".contains("a cifar network of basic blocks has 6n + 2 layers")
        }
    }

    @Test func denseStacksHaveOneStage() throws {
        #expect(try dense.unitsPerStage(depth: 12, block: .basic) == [5])
        #expect(try dense.unitsPerStage(depth: 3, block: .single) == [1])
        #expect(dense.depth(unitsPerStage: [100_000], block: .single) == 100_002)
        #expect(throws: NetworkError.self) { try dense.unitsPerStage(depth: 2, block: .single) }
    }

    /// The first depth at and after each one is valid for a block exactly when it has the form kn + 2.
    @Test func validDepthsAreExactlyTheFormula() {
        for block in BlockDesign.paper {
            let step = 3 * block.layers.count
            for depth in -3...60 {
                let isValid = depth >= step + 2 && (depth - 2) % step == 0
                #expect(((try? cifar.unitsPerStage(depth: depth, block: block)) != nil) == isValid)
            }
        }
    }
}
