import ResidualNetworks
import Tensors
import Testing

@testable import Analysis

@Suite("What the paper reports")
struct PaperFindingTests {
    private func sentence(
        depth: Int, block: BlockDesign = .basic, layout: UnitLayout = .fullPreactivation,
        shortcut: any ShortcutDesign = IdentityShortcut(),
        architecture: any Architecture = CIFARArchitecture(),
        width: Int = 16, classes: Int = 10
    ) throws -> String? {
        PaperFinding.sentence(
            for: NetworkDesign(
                architecture: architecture, block: block,
                unitsPerStage: try architecture.unitsPerStage(depth: depth, block: block), layout: layout,
                shortcut: shortcut, baseWidth: width, classes: classes))
    }

    /// Numbers of its Tables 1 to 3.
    @Test func networksOfTheTables() throws {
        #expect(
            try sentence(depth: 110) == "In the paper (CIFAR-10, 110 layers): 6.37 % test error (Table 2).")
        #expect(
            try sentence(depth: 110, layout: .original, shortcut: ScalingShortcut(lambda: 0.5))
                == "In the paper (CIFAR-10, 110 layers): fails to converge (Table 1).")
        #expect(
            try sentence(depth: 1001, block: .bottleneck)
                == "In the paper (CIFAR-10, 1001 layers): 4.92 % test error (Table 3).")
        #expect(
            try sentence(depth: 1001, block: .bottleneck, layout: .original, classes: 100)
                == "In the paper (CIFAR-100, 1001 layers): 27.82 % test error (Table 3).")
    }

    @Test func anotherDepthSaysWhoseNumberItIs() throws {
        #expect(
            try sentence(depth: 20, layout: .original)
                == "In the paper (CIFAR-10, with 110 layers rather than 20): 6.61 % test error (Table 1).")
        #expect(
            try sentence(depth: 947, block: .bottleneck)
                == "In the paper (CIFAR-10, with 1001 layers rather than 947): 4.92 % test error (Table 3).")
    }

    /// Exclusive gates fail “from 0 to −5”.
    @Test(arguments: [(0.0, true), (-3, true), (-5, true), (-6, false), (-5.5, nil), (1, nil)])
    func exclusiveGates(bias: Double, fails: Bool?) throws {
        let found = try sentence(
            depth: 110, layout: .original, shortcut: ExclusiveGateShortcut(bias: bias))
        #expect(found.map { $0.contains("fails to converge") } == fails)
    }

    @Test func nothingWhereTheTablesHaveNothing() throws {
        let (imagenet, dense) = (ImageNetArchitecture(), DenseArchitecture())
        #expect(
            try sentence(depth: 50, block: .bottleneck, layout: .original, architecture: imagenet, width: 64)
                == nil)
        #expect(try sentence(depth: 110, architecture: dense, width: 64) == nil)
        #expect(try sentence(depth: 110, width: 32) == nil)
        // Table 1 is of the original unit, in basic blocks.
        #expect(try sentence(depth: 110, shortcut: ScalingShortcut(lambda: 0.5)) == nil)
        #expect(
            try sentence(
                depth: 1001, block: .bottleneck, layout: .original, shortcut: ScalingShortcut(lambda: 0.5))
                == nil)
        #expect(try sentence(depth: 110, shortcut: ScalingShortcut(lambda: 0.9)) == nil)
        #expect(try sentence(depth: 110, block: .basic.matching(by: .projection)) == nil)
        #expect(try sentence(depth: 110, classes: 100) == nil)
    }
}
