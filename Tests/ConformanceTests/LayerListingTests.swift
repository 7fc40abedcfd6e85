import Conformance
import Kernels
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
                let network = try Network<Double>(design, parameters: HeInitialization(seed: 0))
                let listing = try LayerListing(design)
                #expect(listing.parameters == network.parameterCount, "\(block.name)")
                #expect(listing.multiplyAdds == network.multiplyAdds(for: design.input).forward)
                #expect(listing.layers.allSatisfy { $0.kind != .other })
                let owned = Set(listing.layers.filter { $0.parameters > 0 }.map(\.name))
                let names = Set(
                    network.parameters.map {
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
        #expect(listing.stem.map(\.kind) == [.convolution, .normalization, .rectifier, .maxPooling])
        #expect(listing.stem.map(\.height) == [20, 20, 20, 10])
        #expect(listing.stem.map(\.kernel) == [7, nil, nil, 3])
        #expect(listing.units.count == 5 && listing.runs.count == 5)
        #expect(try listing.parameters == Network<Double>(design, parameters: ShapesAlone()).parameterCount)
    }

    /// The paper counts weighted layers on the longest path.
    @Test(arguments: UnitLayout.paper)
    func depthIsTheNumberOfWeightLayers(layout: UnitLayout) throws {
        for block in BlockDesign.paper {
            let design = try design("gate-exclusive:-6", layout, block, units: 3)
            let weights = try LayerListing(design).layers.filter {
                [.convolution, .linear].contains($0.kind) && $0.part != .shortcut && !$0.isShared
            }
            #expect(weights.count == design.depth)
        }
    }

    /// Layers follow each other: channels and sizes that leave one enter the next of its path.
    @Test func pathsAreConnected() throws {
        let listing = try LayerListing(design("identity", .fullPreactivation, .bottleneck, units: 3))
        for unit in listing.units {
            let branch = unit.filter { $0.part == .branch }
            for (a, b) in zip(branch, branch.dropFirst()) { #expect(a.outputChannels == b.inputChannels) }
            let shortcut = unit.filter { $0.part == .shortcut }
            #expect(branch.first?.inputChannels == shortcut.first?.inputChannels)
            #expect(branch.last?.outputChannels == shortcut.last?.outputChannels)
            #expect(branch.last?.height == shortcut.last?.height)
        }
    }

    @Test func runsAreTheUnitsAgain() throws {
        let listing = try LayerListing(design("identity", .fullPreactivation, .basic, units: 5))
        let runs = listing.runs
        // Unit 0 has no activation of its own; each later stage begins with a change of size.
        #expect(
            runs.map { [$0.first, $0.last] } == [[0, 0], [1, 4], [5, 5], [6, 9], [10, 10], [11, 14]])
        for run in runs {
            for l in run.first...run.last {
                #expect(listing.units[l].map(\.localName) == run.layers.map(\.localName))
            }
        }
    }

    @Test func endlessListsAreRefused() throws {
        let design = try design("identity", .fullPreactivation, .single, units: 1_000_000, isDense: true)
        #expect(throws: ConformanceError.tooManyUnits(1_000_000, greatest: LayerListing.greatestUnitCount)) {
            try LayerListing(design)
        }
    }

    /// A map that the library does not know is listed with what it says of itself.
    @Test func unknownMapsAreListed() throws {
        struct Doubled: DifferentiableMap {
            func linearize(_ x: Tensor<Double>, in pass: ForwardPass) -> Linearized<Double> {
                Linearized(value: x.map { 2 * $0 }, derivative: ScalarLinearization(2))
            }
            var parameters: [Parameter<Double>] { [Parameter(name: "own.weight", vector: [1, 2])] }
        }
        let design = try design("identity", .fullPreactivation, .basic)
        let plain = try Network<Double>(design, parameters: ShapesAlone())
        let unit = ResidualUnit<Double>(shortcut: MapShortcut(IdentityMap()), branch: Doubled())
        let network = Network(design: design, stem: plain.stem, units: [unit], head: plain.head)
        let layer = try #require(LayerListing(network, input: design.input).units.first?.first)
        #expect(layer.kind == .other && layer.parameters == 2 && layer.name == "units.0.branch.Doubled")
    }
}
