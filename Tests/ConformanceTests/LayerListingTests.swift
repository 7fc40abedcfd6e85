import Conformance
import Graphs
import Operators
import ResidualNetworks
import Tensors
import Testing

/// The list of layers against the network it is read off.
@Suite("Layer listing")
struct LayerListingTests {
    private static let shortcuts = [
        "identity", "none", "scale0.5,2", "gate-exclusive:-6", "gate-shortcut:0", "conv1x1", "dropout0.5",
    ]

    private func design(
        _ shortcut: String, _ layout: UnitLayout, _ block: BlockDesign, units: Int = 2, isDense: Bool = false
    ) throws -> NetworkDesign {
        NetworkDesign(
            architecture: isDense ? DenseArchitecture() : CIFARArchitecture(), block: block,
            unitsPerStage: units, layout: layout,
            shortcut: try ShortcutVocabulary.paper.shortcut(for: shortcut), baseWidth: 4,
            input: Shape(1, 3, 9, 9))
    }

    @Test("Parameters and multiply-adds add up to the network's", arguments: shortcuts, UnitLayout.paper)
    func totals(shortcut: String, layout: UnitLayout) throws {
        for block in BlockDesign.paper {
            for isDense in [true, false] {
                let design = try design(shortcut, layout, block, isDense: isDense)
                let model = try design.model(batch: 1, mode: .inference)
                let listing = try LayerListing(design)
                let parameters = model.parameters.reduce(0) { $0 + $1.count }
                #expect(listing.parameters == parameters, "\(block.name)")
                #expect(try listing.parameters == ParameterCount(of: design).elements, "\(block.name)")
                #expect(listing.multiplyAdds == model.model.multiplyAdds.forward)
                let owned = Set(listing.layers.filter { $0.parameters > 0 }.map(\.name))
                let names = Set(
                    model.parameters.map {
                        String($0.name[..<($0.name.lastIndex(of: ".") ?? $0.name.endIndex)])
                    })
                #expect(owned == names, "every parameter stands in the layer of its name")
            }
        }
    }

    @Test func imageNetStemsPool() throws {
        let design = NetworkDesign(
            architecture: ImageNetArchitecture(), block: .bottleneck, unitsPerStage: [1, 2, 1, 1],
            baseWidth: 4,
            input: Shape(1, 3, 40, 40))
        let listing = try LayerListing(design)
        #expect(
            listing.stem.map(\.kind) == [.convolution, .normalization, .rectifier, .other("MaxPool")])
        #expect(listing.stem.map(\.output.height) == [20, 20, 20, 10])
        #expect(listing.stem.map(\.kernel) == [7, nil, nil, 3])
        #expect(listing.units.count == 5 && listing.runs.count == 5)
        #expect(try listing.parameters == ParameterCount(of: design).elements)
    }

    /// The paper counts weighted layers on the longest path.
    @Test(arguments: UnitLayout.paper)
    func depthIsTheNumberOfWeightLayers(layout: UnitLayout) throws {
        for block in BlockDesign.paper {
            let design = try design("gate-exclusive:-6", layout, block, units: 3)
            let weights = try LayerListing(design).layers.filter {
                $0.isWeightLayer && [.stem, .branch, .head].contains($0.part)
            }
            #expect(weights.count == design.depth)
        }
    }

    /// Layers follow each other: channels and sizes that leave one enter the next of its path.
    @Test func pathsAreConnected() throws {
        let listing = try LayerListing(design("identity", .fullPreactivation, .bottleneck, units: 3))
        for unit in listing.units {
            let branch = unit.filter(\.isOnBranch)
            for (a, b) in zip(branch, branch.dropFirst()) { #expect(a.output == b.input) }
            let sum = try #require(unit.last)
            #expect(sum.part == .sum && sum.output == branch.last?.output)
            let shortcut = unit.filter(\.isOnShortcut)
            #expect(branch.first?.input == shortcut.first?.input || shortcut.isEmpty)
            #expect((shortcut.last ?? sum).output == sum.output)
        }
    }

    @Test func runsAreTheUnitsAgain() throws {
        let listing = try LayerListing(design("identity", .fullPreactivation, .basic, units: 5))
        let runs = listing.runs
        // Unit 0 has no activation of its own; each later stage begins with a change of size.
        #expect(
            runs.map { [$0.repetition.first, $0.repetition.last] } == [
                [0, 0], [1, 4], [5, 5], [6, 9], [10, 10], [11, 14],
            ])
        for run in runs {
            for l in run.repetition.first...run.repetition.last {
                #expect(listing.units[l].map(\.localName) == run.layers[0].map(\.localName))
            }
        }
    }

    @Test func endlessListsAreRefused() throws {
        let design = try design("identity", .fullPreactivation, .single, units: 1_000_000, isDense: true)
        #expect(throws: ConformanceError.tooManyUnits(1_000_000, greatest: LayerListing.greatestUnitCount)) {
            try LayerListing(design)
        }
    }

    /// Where a layer stands: an activation that branch and projection read is computed once, and is on both.
    @Test func partsOfAUnit() throws {
        func parts(_ shortcut: String, _ layout: UnitLayout, _ block: BlockDesign) throws -> [String] {
            // The first unit of the second stage changes the size.
            try LayerListing(design(shortcut, layout, block)).units[2].map { "\($0.localName) \($0.part)" }
        }
        #expect(
            try parts("identity", .fullPreactivation, .bottleneck).filter { !$0.hasSuffix("branch") } == [
                "branch.bn1 both", "branch.bn1.relu both", "shortcut.conv shortcut", "sum sum",
            ])
        #expect(
            try parts("gate-exclusive:-6", .original, .basic).filter { !$0.hasSuffix("branch") } == [
                "shortcut.gate both", "shortcut.gate.negated shortcut", "shortcut.gate.shut shortcut",
                "shortcut.subsample shortcut", "shortcut.pad shortcut", "shortcut.gated shortcut", "sum sum",
                "after.relu after",
            ])
        #expect(try LayerListing(design("scale0.5,2", .original, .basic)).shortcuts[1] == .weightFree)
        #expect(try LayerListing(design("identity", .original, .basic)).shortcuts[1] == .identity)
        #expect(try LayerListing(design("conv1x1", .original, .basic)).shortcuts[1] == .projection)
    }

    /// An operator that the library does not know is listed by its name.
    @Test func ownOperatorsAreListed() throws {
        struct Doubled: ElementwiseOperator {
            let name = "Doubled"
            func value(at x: Double) -> Double { 2 * x }
            func derivative(at x: Double) -> Double { 2 }
        }
        struct DoubledShortcut: ShortcutDesign {
            let name = "doubled"
            func paths(
                at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
            ) throws -> UnitValues {
                UnitValues(
                    shortcut: try network.apply(
                        Doubled(), to: place.input, label: place.name + ".shortcut.doubled"),
                    branch: branch)
            }
        }
        var design = try design("identity", .original, .single, isDense: true)
        design.shortcut = DoubledShortcut()
        let layer = try #require(LayerListing(design).units[0].first { $0.part == .shortcut })
        #expect(layer.kind == .other("Doubled") && layer.parameters == 0)
        #expect(layer.localName == "shortcut.doubled")
    }
}
