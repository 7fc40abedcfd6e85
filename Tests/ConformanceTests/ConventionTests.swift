import Conformance
import Expressions
import ResidualNetworks
import Tensors
import Testing

/// Configurations beside the paper and the public implementations.
@Suite("Conventions")
struct ConventionTests {
    private func design(
        _ block: BlockDesign, _ layout: UnitLayout = .fullPreactivation, shortcut: String = "identity"
    ) throws -> NetworkDesign {
        NetworkDesign(
            block: block, unitsPerStage: 2, layout: layout,
            shortcut: try ShortcutVocabulary.paper.shortcut(for: shortcut))
    }

    private func differences(_ design: NetworkDesign, from name: String) throws -> [Aspect: [String]] {
        let comparison = try #require(
            try ConformanceReport(design).comparisons.first { $0.convention.name == name })
        return comparison.differences.reduce(into: [:]) { $0[$1.aspect] = [$1.here, $1.there] }
    }

    /// What the library builds is what the paper says, for every unit, block and shortcut of it.
    @Test("Everything of the paper conforms to it", arguments: UnitLayout.paper, BlockDesign.paper)
    func paper(layout: UnitLayout, block: BlockDesign) throws {
        for shortcut in [
            "identity", "none", "scale0.5", "gate-exclusive:-6", "gate-shortcut:0", "conv1x1", "dropout0.5",
        ] {
            let design = try design(block, layout, shortcut: shortcut)
            #expect(try differences(design, from: "paper") == [:], "\(shortcut)")
            let comparison = try ConformanceReport(design).comparisons[0]
            #expect(try comparison.parameters == LayerListing(design).parameters)
        }
    }

    @Test(
        "ImageNet's networks conform to the paper, and to Torch but for the stride", arguments: [18, 50, 200])
    func imageNet(depth: Int) throws {
        let architecture = ImageNetArchitecture()
        let block = try architecture.defaultBlock(depth: depth)
        for layout in UnitLayout.paper {
            let design = NetworkDesign(
                architecture: architecture, block: block,
                unitsPerStage: try architecture.unitsPerStage(depth: depth, block: block), layout: layout,
                baseWidth: 64, classes: 1000, input: Shape(1, 3, 224, 224))
            #expect(try differences(design, from: "paper") == [:], "\(layout.name)")
            #expect(try ConformanceReport(design).comparisons[1].parameters == nil)
            guard ["original", "full-preact"].contains(layout.name) else { continue }
            let torch = try differences(design, from: "torch")
            #expect(torch[.stride] == (depth == 18 ? nil : ["the first 1×1", "the 3×3"]))
            #expect(Set(torch.keys).subtracting([.stride]) == [.classifier])
            let report = try ConformanceReport(design)
            #expect(report.comparisons[2].parameters == report.listing.parameters)
            #expect(Set(report.published.map(\.depth)) == [50, 101, 152, 200])
        }
    }

    @Test func bottlenecksDifferFromTheAuthorsReleaseInTheClassifierAlone() throws {
        #expect(
            try differences(design(.bottleneck), from: "authors-lua")
                == [.classifier: ["N(0, 1/fan-in)", "U(±1/√fan-in)"]])
        #expect(
            try Set(differences(design(.basic, .original), from: "authors-lua").keys)
                == [.block, .unit, .sizeChange, .classifier])
    }

    @Test func torchActivatesAheadOfOptionAAndStridesOnTheSpatialFilter() throws {
        #expect(
            try differences(design(.basic), from: "torch") == [
                .sizeChangeInput: ["x_l", "the activated x_l"],
                .classifier: ["N(0, 1/fan-in)", "U(±1/√fan-in)"],
            ])
        #expect(
            try differences(design(.basic, .original), from: "torch").keys.map(\.self) == [.classifier])
        let bottleneck = try differences(design(.bottleneck), from: "torch")
        #expect(bottleneck[.stride] == ["the first 1×1", "the 3×3"])
        #expect(bottleneck[.block] == ["bottleneck", "basic"])
    }

    /// The choices are read off the layers: a network that is built otherwise is found out.
    @Test func anotherChangeOfSizeIsFound() throws {
        var design = try design(.basic)
        design.block = BlockDesign(name: "basic", layers: [(3, 1), (3, 1)], matching: .projection)
        #expect(
            try differences(design, from: "paper") == [
                .sizeChange: ["1×1 projection", "subsampling, zero channels"],
                .sizeChangeInput: ["the activated x_l", "x_l"],
            ])
        design.layout = .original
        #expect(try ConformanceReport(design).choices[.projectionNormalization] == "BN")
    }

    @Test func otherUnitsWidthsAndArchitecturesAreFound() throws {
        var wide = try design(.basic)
        wide.baseWidth = 32
        #expect(try differences(wide, from: "paper") == [.width: ["32", "16"]])
        var dense = wide
        (dense.architecture, dense.unitsPerStage) = (DenseArchitecture(), [2])
        #expect(try Set(differences(dense, from: "paper").keys) == [.architecture, .width])
        #expect(try ConformanceReport(dense).comparisons.allSatisfy { $0.parameters == nil })
        var own = try design(.basic)
        own.layout = UnitLayout(name: "own", leading: [.normalization])
        #expect(try Set(differences(own, from: "paper").keys) == [.unit])
        #expect(try ConformanceReport(own).choices[.lastActivation] == "BN")
    }

    /// The paper's 1.7M, 1.7M, 10.2M and 19.4M, and the same networks counted layer by layer.
    @Test func publishedCountsAreThoseOfTheNetworks() throws {
        let report = try ConformanceReport(design(.single))
        #expect(report.published.count == 8)
        #expect(Set(report.published.map(\.depth)) == [110, 164, 1001, 1202])
        for row in report.published {
            let block = try #require(BlockDesign.paper.first { $0.name == row.block })
            let layout = try #require(UnitLayout.paper.first { $0.name == row.unit })
            let units = try CIFARArchitecture().unitsPerStage(depth: row.depth, block: block)
            let design = NetworkDesign(block: block, unitsPerStage: units, layout: layout)
            #expect(try row.counts[0] == LayerListing(design).parameters)
            for count in row.counts.dropFirst().compactMap(\.self) { #expect(count == row.counts[0]) }
        }
        // Which depths an implementation offers follows from its blocks and units.
        func offered(_ index: Int) -> [Int] {
            report.published.filter { $0.counts[index] != nil }.map(\.depth)
        }
        #expect(offered(1) == [164, 1001])
        #expect(offered(2) == [110, 110, 1202, 1202])
    }

    /// A convention has its own functions, whatever a configuration puts in their place, and none of what these learn.
    @Test func aCounterpartHasTheFunctionsOfItsUnits() throws {
        let plain = try design(.basic, .original)
        var own = plain
        let reader = ExpressionReader(initials: ["a": 0.1, "b": 0.2, "c": 1])
        own.activation = try FunctionVocabulary.activation(for: "expr: max(x, @a*x)", reader: reader)
        own.after = try FunctionVocabulary.afterAddition(for: "expr: max(x, @b*x)", reader: reader)
        own.branchModulation = BranchModulation(
            scale: try DepthSchedule("@c[n]", reader: reader.ofUnits),
            dropPath: try DepthSchedule("0.1", reader: reader.ofPositions))
        let report = try ConformanceReport(own)
        let published = try LayerListing(plain).parameters
        #expect(report.listing.parameters > published)
        for comparison in report.comparisons where comparison.parameters != nil {
            #expect(comparison.parameters == published, "\(comparison.convention.name)")
        }
        for convention in Convention.published {
            let counterpart = convention.counterpart(of: own)
            #expect(counterpart?.hasUnitsOfLayout != false, "\(convention.name)")
        }
        #expect(Convention.paper.counterpart(of: own) != nil)
    }
}
