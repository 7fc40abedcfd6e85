import Graphs
import ResidualNetworks
import Tensors
import Testing

/// Networks of the paper state their units; the finder, which knows the graph alone, finds the same.
struct StatedUnitsTests {
    struct Network: Sendable, CustomTestStringConvertible {
        let design: NetworkDesign
        let testDescription: String
    }

    static let networks: [Network] = {
        let shortcuts: [any ShortcutDesign] = [
            IdentityShortcut(), ScalingShortcut(lambda: 0.5), ScalingShortcut(lambda: 0.3, mu: 0.7),
            ExclusiveGateShortcut(bias: -6), ShortcutOnlyGateShortcut(bias: -1), ConvolutionShortcut(),
            DropoutShortcut(dropProbability: 0.5), NoShortcut(),
        ]
        let architectures: [(any Architecture, [Int])] = [
            (CIFARArchitecture(), [2, 2, 2]), (DenseArchitecture(), [3]),
            (ImageNetArchitecture(), [1, 2, 1, 1]),
        ]
        return architectures.flatMap { architecture, units in
            architecture.blocks.flatMap { block in
                UnitLayout.paper.flatMap { layout in
                    shortcuts.map { shortcut in
                        Network(
                            design: NetworkDesign(
                                architecture: architecture, block: block, unitsPerStage: units,
                                layout: layout, shortcut: shortcut, baseWidth: 4,
                                input: Shape(1, 3, 32, 32)),
                            testDescription:
                                "\(architecture.name) \(block.name) \(layout.name) \(shortcut.name)")
                    }
                }
            }
        }
    }()

    /// A shortcut of one matrix beside a branch of one matrix: which of the two is F nobody can tell from the graph.
    private static func areAlike(_ design: NetworkDesign) -> Bool {
        design.architecture is DenseArchitecture && design.block == .single
            && design.shortcut is ConvolutionShortcut
    }

    @Test(
        "What only a statement tells apart is found to be alike",
        arguments: networks.filter { areAlike($0.design) })
    func alike(network: Network) throws {
        let table = UnitTable(of: try network.design.model(batch: 2).model.path)
        #expect(table.units.isEmpty)
        #expect(table.rejected.map(\.reason) == [.operandsAlike, .operandsAlike, .operandsAlike])
    }

    @Test("What is found is what was stated", arguments: networks.filter { !areAlike($0.design) })
    func agreement(network: Network) throws {
        let stated = try network.design.model(batch: 2).model
        let found = try ResidualModel(UnitTable(of: stated.path))
        #expect(found.units.count == stated.units.count)
        #expect(found.rows.map(\.values) == stated.rows.map(\.values))
        #expect(found.rows.map(\.stage) == stated.rows.map(\.stage))
        for (found, stated) in zip(found.units, stated.units) {
            #expect(found.branchEdges == stated.branchEdges)
            #expect(found.kind == stated.kind, "\(stated.label)")
        }
    }
}
