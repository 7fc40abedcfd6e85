import Analysis
import BuiltProgram
import Foundation
import Kernels
import ResidualNetworks
import TemporaryFolders
import Tensors
import Testing

/// What will not fit is refused with its figure, before any of it is made.
struct MemoryTests {
    @Test(
        "A measurement that will not fit is refused at once",
        arguments: [
            "--depth 1001 --batch 100000 --data noise",
            "--depth 1001 --width 128",
            "--depth 1001 --batch 50000 --data noise --precision double --probe all --shortcut dropout0.5",
            "--depth 999999998 --architecture dense --width 1 --block single",
        ])
    func refusal(arguments: String) throws {
        let folder = try TemporaryFolder()
        let options = arguments.split(separator: " ").map(String.init)
        let outcome = try Program.run(options + ["--report", "report"], in: folder)
        let sentence =
            #/
            Error:\ This\ measurement\ needs\ about\ (?<needed>[\d.]+)\ GiB\ of\ memory\ and\ 
            (?<available>[\d.]+)\ GiB\ are\ available:\ lower\ --batch,\ --depth\ or\ --width\.\n
            /#
        let match = try #require(outcome.errors.wholeMatch(of: sentence))
        let (needed, available) = try (#require(Double(match.needed)), #require(Double(match.available)))
        #expect(needed > available)
        #expect(outcome.exitCode == 2)
        // A hundredth of a second on a machine at rest; building any of these networks would take minutes.
        #expect(outcome.seconds < 5)
        #expect(try folder.contents() == [])
    }

    /// Every block and matching rule, both halves of a pair of units, kept and dropped inputs.
    static let designs: [NetworkDesign] =
        [BlockDesign.basic, .bottleneck, .single].flatMap { block in
            [UnitLayout.original, .fullPreactivation].flatMap { layout in
                [1, 2, 3, 4, 7, 8].map { units in
                    NetworkDesign(
                        block: block, unitsPerStage: units, layout: layout,
                        shortcut: ExclusiveGateShortcut(bias: -1), baseWidth: 4, input: Shape(1, 3, 8, 8))
                }
            }
        } + [
            NetworkDesign(
                architecture: DenseArchitecture(), block: .basic, unitsPerStage: 9, baseWidth: 5,
                input: Shape(1, 3, 4, 4))
        ]
        // Stages of unequal numbers of units.
        + [UnitLayout.original, .fullPreactivation].map { layout in
            NetworkDesign(
                architecture: ImageNetArchitecture(), block: .bottleneck, unitsPerStage: [1, 6, 5, 3],
                layout: layout, baseWidth: 4, input: Shape(1, 3, 32, 32))
        }

    @Test("A design alone predicts the memory that the built network does", arguments: designs.indices)
    func prediction(index: Int) throws {
        let design = Self.designs[index]
        let network = try Network<Float>(design, parameters: HeInitialization(seed: 0))
        let batch = LabelledBatch<Float>(
            Array(repeating: 0, count: 3 * design.input.count), shape: design.input.with(batch: 3),
            labels: [0, 1, 2])
        for probes in AnalysisOptions.Probes.allCases {
            let analysis = try SignalAnalysis(network, on: batch, options: AnalysisOptions(probes: probes))
            let prediction = try MemoryPrediction(design, batch: 3, probes: probes, in: Float.self)
            #expect(prediction.total == analysis.cost.memory)
        }
    }
}
