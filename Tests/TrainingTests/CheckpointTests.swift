import Foundation
import Kernels
import ResidualNetworks
import Safetensors
import Tensors
import Testing

@testable import Training

@Suite("Checkpoints")
struct CheckpointTests {
    let temporary: TemporaryDirectory
    let folder: CheckpointFolder

    init() throws {
        temporary = try TemporaryDirectory()
        folder = CheckpointFolder(ofRun: temporary.path, keeping: 2)
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    /// Parameters, velocities, statistics and the report come back to the bit, also of a run that has not begun.
    @Test(arguments: [0, 3])
    func roundTripKeepsEveryBit(iteration: Int) throws {
        try roundTrip(CheckpointFixture<Float>(), iteration)
        try roundTrip(CheckpointFixture<Double>(), iteration)
    }

    private func roundTrip<Scalar: KernelScalar>(
        _ fixture: CheckpointFixture<Scalar>, _ iteration: Int
    ) throws {
        let written = try fixture.checkpoint(after: iteration)
        try folder.write(written)
        let stored = try #require(try folder.newest())
        #expect(stored.iteration == iteration)
        #expect(stored.isDouble == (Scalar.self == Double.self))
        #expect(stored.result == CheckpointFixture<Scalar>.result)
        let read: Checkpoint<Scalar> = try stored.checkpoint(of: fixture.design)
        #expect(StateBits(read.state) == StateBits(written.state))
        #expect(read.state.statistics == written.state.statistics)
        #expect(read.state.statistics.isEmpty == (iteration == 0))
        #expect(read.result == written.result)
    }

    /// Results that training may meet and JSON has no word for, and values that a conversion would lose. Weights that are
    /// not finite are refused (`UnusableValueTests`).
    @Test func strangeNumbersSurvive() throws {
        var checkpoint = try CheckpointFixture<Float>().checkpoint(after: 1)
        let strange: [Float] = [
            -0, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
        ]
        let shape = checkpoint.state.parameters.entries[0].values.shape
        let elements = (0..<shape.count).map { strange[$0 % strange.count] }
        checkpoint.state.parameters.entries[0].values = Tensor(elements, shape: shape)
        checkpoint.state.parameters.entries[0].velocity = Tensor(elements.reversed(), shape: shape)
        var evaluation = Evaluation()
        evaluation.add(Tensor([Float.nan, 1], shape: Shape(1, 2)), labels: [0], loss: .nan)
        checkpoint.result.evaluations = [EvaluationPoint(iteration: 1, evaluation: evaluation)]
        checkpoint.result.curve[0].loss = -.infinity
        try folder.write(checkpoint)
        let stored = try #require(try folder.newest())
        let read: Checkpoint<Float> = try stored.checkpoint(of: CheckpointFixture<Float>().design)
        #expect(StateBits(read.state) == StateBits(checkpoint.state))
        #expect(read.result.evaluations[0].evaluation.loss.isNaN)
        #expect(read.result.curve[0].loss == -.infinity)
    }

    /// What decay covers depends on what a parameter is, and that is not in the file.
    @Test func rolesComeFromTheDesign() throws {
        var fixture = CheckpointFixture<Float>()
        fixture.design.shortcut = ExclusiveGateShortcut(bias: -2)
        let written = try fixture.checkpoint(after: 1)
        try folder.write(written)
        let read: Checkpoint<Float> = try #require(try folder.newest()).checkpoint(of: fixture.design)
        #expect(read.state.parameters.entries.map(\.role) == written.state.parameters.entries.map(\.role))
        #expect(read.state.parameters.entries.map(\.name) == written.state.parameters.entries.map(\.name))
        #expect(Set(read.state.parameters.entries.map { "\($0.role)" }).count == 6)
    }

    /// The documented layout, as another program would find it.
    @Test func filesAreAsDocumented() throws {
        let path = try folder.write(CheckpointFixture<Float>().checkpoint(after: 2))
        #expect(path == temporary.path + "/checkpoints/iteration-00000002")
        let contents = try temporary.contents(of: path)
        #expect(contents.keys.sorted() == ["SHA256SUMS", "state.json", "weights.safetensors"])
        let reader = try SafetensorsReader(path + "/weights.safetensors")
        #expect(reader.typeName(of: "stem.conv.weight") == "F32")
        #expect(reader.shape(of: "stem.conv.weight") == [4, 3, 3, 3])
        #expect(reader.shape(of: "stem.conv.weight.velocity") == [4, 3, 3, 3])
        #expect(reader.shape(of: "head.fc.weight") == [3, 16])
        #expect(reader.typeName(of: "head.bn.running_mean") == "F64")
        #expect(reader.shape(of: "head.bn.running_var") == [16])
        let json = try #require(contents["state.json"])
        let state = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(state["format"] as? Int == 1)
        #expect(state["iteration"] as? Int == 2)
        #expect(state["type"] as? String == "F32")
        let check = Process()
        check.executableURL = URL(filePath: "/usr/bin/env")
        check.arguments = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
        check.currentDirectoryURL = URL(filePath: path)
        try check.run()
        check.waitUntilExit()
        #expect(check.terminationStatus == 0)
    }

    @Test func lastOnesAreKept() throws {
        let fixture = CheckpointFixture<Float>()
        for iteration in [0, 1, 2, 4] { try folder.write(fixture.checkpoint(after: iteration)) }
        #expect(folder.iterations == [2, 4])
        #expect(try names() == ["iteration-00000002", "iteration-00000004"])
        #expect(try folder.newest()?.iteration == 4)
        #expect(try folder.checkpoint(after: 2)?.iteration == 2)
        #expect(try folder.checkpoint(after: 3) == nil)
        // A run that went on from an earlier one comes by its own later ones again, and loses none before.
        try folder.write(fixture.checkpoint(after: 3))
        #expect(folder.iterations == [2, 3, 4])
        let one = CheckpointFolder(ofRun: temporary.path, keeping: 1)
        try one.write(fixture.checkpoint(after: 5))
        #expect(try names() == ["iteration-00000005"])
    }

    /// The last iteration is written twice where it is one of those kept anyway: with another report.
    @Test func sameIterationIsReplaced() throws {
        var checkpoint = try CheckpointFixture<Float>().checkpoint(after: 1)
        try folder.write(checkpoint)
        checkpoint.result.ending = .finished
        checkpoint.result.seconds = 99
        try folder.write(checkpoint)
        #expect(try names() == ["iteration-00000001"])
        #expect(try folder.newest()?.result == checkpoint.result)
    }

    @Test func numbersAreInOrderBeyondTheirDigits() throws {
        var checkpoint = try CheckpointFixture<Float>().checkpoint(after: 1)
        checkpoint.result.recipe.iterations = 200_000_000
        for iteration in [123_456_789, 99_999_999] {
            let state = TrainingState(
                iteration: iteration, parameters: checkpoint.state.parameters,
                statistics: checkpoint.state.statistics)
            try folder.write(Checkpoint(state: state, result: checkpoint.result))
        }
        #expect(folder.iterations == [99_999_999, 123_456_789])
        #expect(try folder.newest()?.iteration == 123_456_789)
    }

    /// Whatever a kill leaves behind is no checkpoint, and goes when the next is written.
    @Test func leftoversAreIgnoredAndRemoved() throws {
        let fixture = CheckpointFixture<Float>()
        let path = try folder.write(fixture.checkpoint(after: 1))
        let manager = FileManager.default
        // Killed while iteration 2 was written: an empty folder, half a file, all but the new name.
        let half = folder.path + "/.iteration-00000002.partial"
        try manager.createDirectory(atPath: half, withIntermediateDirectories: true)
        try Data(count: 10).write(to: URL(filePath: half + "/weights.safetensors.77.partial"))
        try manager.copyItem(atPath: path, toPath: folder.path + "/.iteration-00000003.partial")
        // Killed while iteration 0 was removed.
        try manager.copyItem(atPath: path, toPath: folder.path + "/.iteration-00000000.partial")
        try manager.removeItem(atPath: folder.path + "/.iteration-00000000.partial/state.json")
        // Somebody else's.
        try Data("mine".utf8).write(to: URL(filePath: folder.path + "/notes.txt"))
        #expect(folder.iterations == [1])
        #expect(try folder.newest()?.iteration == 1)
        try folder.write(fixture.checkpoint(after: 2))
        #expect(try names() == ["iteration-00000001", "iteration-00000002", "notes.txt"])
    }

    /// A link among the leftovers goes; what it points to is somebody else's.
    @Test func linksAreNotFollowed() throws {
        let kept = try temporary.write([1], to: "kept")
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/.iteration-00000009.partial", withDestinationPath: temporary.path)
        let inner = folder.path + "/.iteration-00000008.partial"
        try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: inner + "/link", withDestinationPath: temporary.path)
        try folder.prepare()
        #expect(try names() == [])
        #expect(FileManager.default.fileExists(atPath: kept))
    }

    /// Killed between the two moves by which a checkpoint takes the place of another of its iteration.
    @Test func formerOneIsFoundUntilItIsReplaced() throws {
        let checkpoint = try CheckpointFixture<Float>().checkpoint(after: 1)
        let path = try folder.write(checkpoint)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".former")
        #expect(folder.iterations == [1])
        #expect(try folder.newest()?.result == checkpoint.result)
        var later = checkpoint
        later.result.seconds = 99
        try folder.write(later)
        #expect(try names() == ["iteration-00000001"])
        #expect(try folder.newest()?.result.seconds == 99)
        // Killed before the former one was removed: the one that came last counts.
        try FileManager.default.copyItem(atPath: path, toPath: path + ".former")
        later.result.seconds = 100
        try folder.write(later)
        #expect(try names() == ["iteration-00000001"])
        #expect(try folder.newest()?.result.seconds == 100)
    }

    @Test func pathsOfUsersAreUnderstood() throws {
        let checkpoint = try CheckpointFixture<Float>().checkpoint(after: 1)
        let path = try folder.write(checkpoint)
        for place in [temporary.path, folder.path, path, path + "/weights.safetensors"] {
            #expect(try StoredCheckpoint(path: place).iteration == 1, "\(place)")
            guard case .checkpoint(let found) = try StoredWeights(path: place) else {
                Issue.record("\(place) is taken for parameters alone")
                continue
            }
            #expect(found.path == path)
        }
    }
}

extension StoredCheckpoint: Equatable {
    public static func == (a: StoredCheckpoint, b: StoredCheckpoint) -> Bool {
        a.path == b.path && a.iteration == b.iteration && a.result == b.result
    }
}
