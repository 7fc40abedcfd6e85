import Foundation
import Safetensors
import Testing

@testable import Training

/// Weights that are whole as a file and of no use as numbers.
@Suite("Weights that are not finite")
struct UnusableValueTests {
    let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    /// A file of a small network's tensors, one of them changed.
    private func file(_ name: String, _ change: (inout [Double]) -> Void) throws -> String {
        let state = try CheckpointFixture<Double>().checkpoint(after: 2).state
        let path = temporary.path + "/w.safetensors"
        let tensors = try state.tensors.filter { !$0.name.hasSuffix(".velocity") }.map { tensor in
            guard tensor.name == name else { return tensor }
            let whole = temporary.path + "/whole.safetensors"
            try SafetensorsWriter.write([tensor], to: whole)
            var elements: [Double] = try SafetensorsReader(whole).elements(name)
            change(&elements)
            return SafetensorsTensor(name, shape: tensor.shape, elements)
        }
        try SafetensorsWriter.write(tensors, to: path)
        return path
    }

    private func refusal(_ path: String) -> CheckpointError? {
        #expect(throws: CheckpointError.self) {
            let _: TrainingState<Double> = try ParameterFile(path).state(
                of: CheckpointFixture<Double>().design)
        }
    }

    @Test(
        "The tensor, the element and how many more are named", arguments: [Double.nan, .infinity, -.infinity])
    func named(value: Double) throws {
        let path = try file("head.fc.weight") { elements in
            elements[3] = value
            elements[7] = value
        }
        guard case .unusableValue(path, "head.fc.weight", 3, let found, 2)? = refusal(path) else {
            Issue.record("not refused by name")
            return
        }
        #expect(found.isNaN == value.isNaN && (value.isNaN || found == value))
    }

    @Test("A negative running variance is refused, and one of 0 is not")
    func variance() throws {
        let path = try file("stem.bn.running_var") { $0[1] = -1e-9 }
        #expect(
            refusal(path)
                == .unusableValue(path, tensor: "stem.bn.running_var", index: 1, value: -1e-9, count: 1))
        let sentence = refusal(path)?.description
        #expect(
            sentence?.hasSuffix("element 1 of stem.bn.running_var is -1e-09, and no variance is negative.")
                == true)
        let zero = try file("stem.bn.running_var") { $0[1] = 0 }
        let state: TrainingState<Double> = try ParameterFile(zero).state(
            of: CheckpointFixture<Double>().design)
        #expect(state.statistics["stem.bn"]?.variance[1] == 0)
    }

    @Test("A checkpoint's are refused likewise, before a run goes on from it")
    func checkpoints() throws {
        var checkpoint = try CheckpointFixture<Float>().checkpoint(after: 1)
        checkpoint.state.statistics["stem.bn"]?.mean[0] = .nan
        let folder = CheckpointFolder(ofRun: temporary.path)
        let path = try folder.write(checkpoint)
        let stored = try #require(try folder.newest())
        #expect {
            let _: Checkpoint<Float> = try stored.checkpoint(of: CheckpointFixture<Float>().design)
        } throws: { error in
            guard case CheckpointError.unusableValue(path, "stem.bn.running_mean", 0, _, 1) = error else {
                return false
            }
            return true
        }
    }
}
