import Analysis
import Kernels
import Reporting
import ResidualNetworks
import Tensors
import Testing

@Suite("Functions of one's own, from outside the modules")
struct OwnFunctionsTests {
    private func result<Scalar: KernelScalar>(in precision: Scalar.Type) throws -> AnalysisResult {
        let layout = UnitLayout(
            name: "tanh-after-addition", trailing: [.normalization], after: TanhAfterAddition())
        let design = NetworkDesign(
            block: .basic, unitsPerStage: 3, layout: layout, shortcut: SoftsignShortcut(), baseWidth: 4,
            input: Shape(1, 3, 8, 8))
        let network = try Network<Scalar>(design, parameters: HeInitialization(seed: 1))
        let shape = Shape(4, 3, 8, 8)
        let images = (0..<shape.count).map { Scalar(($0 * 7919) % 101) / 50 - 1 }
        let batch = LabelledBatch<Scalar>(images, shape: shape, labels: [0, 3, 5, 9])
        return try SignalAnalysis(network, on: batch, options: AnalysisOptions(probes: .all)).run()
    }

    @Test func decompositionAndChecksHold() throws {
        let result = try result(in: Double.self)
        #expect(result.units.count == 10)
        #expect(result.allChecksHold, "\(result.checks)")
        let applied = result.checks.filter { $0.passed == true }.map(\.name)
        #expect(
            applied == [
                "finite", "sum", "probe_direct", "probe_total", "probe_through_weights", "probe_loss",
                "derivatives",
            ])
        // Softsign and tanh both contract: the direct term shrinks at every unit.
        let direct = result.units.compactMap(\.directLog10)
        #expect(direct.count == 10)
        #expect(zip(direct, direct.dropFirst()).allSatisfy { $0 < $1 })
        #expect(result.units.allSatisfy { $0.shortcutProductLog10 == nil && $0.forwardIdentityError == nil })
    }

    /// Written once, the functions run in Float as well.
    @Test func singlePrecisionAgrees() throws {
        let (single, double) = (try result(in: Float.self), try result(in: Double.self))
        for (a, b) in zip(single.units, double.units) {
            // Float carries 6e−8 an operation; a log10 of a norm after a hundred of them is good to 1e−4.
            #expect(abs((a.gradientLog10 ?? .nan) - (b.gradientLog10 ?? .nan)) < 1e-4)
            #expect(abs((a.directLog10 ?? .nan) - (b.directLog10 ?? .nan)) < 1e-4)
        }
    }

    @Test func reportsNameThem() throws {
        let result = try result(in: Double.self)
        let manifest = RunManifest(
            command: ["own"], version: "0", libraries: [:], configuration: ["shortcut": "softsign"],
            operatingSystem: "any", processor: "any")
        let files = ReportBundle.files(result, manifest: manifest)
        for path in ["report.html", "report.md", "report.json"] {
            let file = try #require(files.first { $0.path == path })
            #expect(file.contents.contains("softsign"), "\(path)")
            #expect(file.contents.contains("tanh-after-addition"), "\(path)")
        }
    }
}
