import Analysis
import Graphs
import ONNX
import ResidualNetworks
import Tensors
import Testing

/// Networks of the paper, written and read again: the same units at the same places, and the same numbers.
struct BuiltNetworksTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let design: NetworkDesign
        let mode: AnalysisOptions.Mode

        var testDescription: String {
            "\(design.architecture.name) \(design.block.name) \(design.layout.name) \(design.shortcut.name) \(mode)"
        }
    }

    private static let shortcuts: [any ShortcutDesign] = [
        IdentityShortcut(), ScalingShortcut(lambda: 0.5), ScalingShortcut(lambda: 0.3, mu: 0.7),
        ExclusiveGateShortcut(bias: -6), ShortcutOnlyGateShortcut(bias: -1), ConvolutionShortcut(),
        DropoutShortcut(dropProbability: 0.3),
    ]

    private static let architectures: [(any Architecture, units: [Int], input: Shape)] = [
        (CIFARArchitecture(), [1, 2, 1], Shape(1, 3, 8, 8)), (DenseArchitecture(), [3], Shape(1, 2, 3, 3)),
        (ImageNetArchitecture(), [1, 2, 1, 1], Shape(1, 3, 16, 16)),
    ]

    static let cases: [Case] = architectures.flatMap { architecture, units, input in
        architecture.blocks.flatMap { block in
            UnitLayout.paper.flatMap { layout in
                shortcuts.flatMap { shortcut in
                    [AnalysisOptions.Mode.training, .inference].map { mode in
                        Case(
                            design: NetworkDesign(
                                architecture: architecture, block: block, unitsPerStage: units,
                                layout: layout,
                                shortcut: shortcut, baseWidth: 4, classes: 3, input: input),
                            mode: mode)
                    }
                }
            }
        }
    }.filter { !isAlike($0.design) }

    /// A shortcut of one matrix beside a branch of one matrix: which of the two is F nobody can tell from a file.
    private static func isAlike(_ design: NetworkDesign) -> Bool {
        design.architecture is DenseArchitecture && design.block == .single
            && design.shortcut is ConvolutionShortcut
    }

    @Test("Units are found where the design states them", arguments: cases)
    func structure(_ example: Case) throws {
        let again = try ReadAgain<Float>(example.design, mode: example.mode)
        let (stated, found) = (again.built.model, again.found)
        func name(_ id: Graph.ValueID, _ model: ResidualModel) -> String { model.path.graph.nodes[id].name }
        func edges(_ unit: ResidualModel.Unit, _ model: ResidualModel) -> [String] {
            unit.branchEdges.map { "\(name($0.value, model)) into \(name($0.sum, model)) at \($0.slot)" }
        }
        #expect(found.units.map(\.label) == stated.units.map(\.label))
        #expect(found.units.map(\.kind) == stated.units.map(\.kind))
        #expect(found.rows.map(\.stage) == stated.rows.map(\.stage))
        #expect(
            found.rows.map { $0.values.map { name($0, found) } }
                == stated.rows.map { $0.values.map { name($0, stated) } })
        #expect(found.units.map { edges($0, found) } == stated.units.map { edges($0, stated) })
        #expect(
            ModelSubject(found, again.read.arguments, loss: again.built.loss).parameters.map(\.name)
                == again.built.parameters.map(\.name))
    }

    @Test("In single precision every bit of every row is the same", arguments: cases)
    func single(_ example: Case) throws {
        let (built, read) = try ReadAgain<Float>(example.design, mode: example.mode).results()
        #expect(differences(built.numbers, read.numbers) == [])
        #expect(built.probes == read.probes)
        #expect(read.allChecksHold, "\(read.checks)")
    }

    @Test("In double precision too", arguments: cases)
    func double(_ example: Case) throws {
        let (built, read) = try ReadAgain<Double>(example.design, mode: example.mode).results()
        #expect(differences(built.numbers, read.numbers) == [])
        #expect(built.probes == read.probes)
        #expect(read.allChecksHold, "\(read.checks)")
    }
}
