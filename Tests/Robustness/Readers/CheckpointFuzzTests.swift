import Files
import Foundation
import FuzzSupport
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors
import Testing

@testable import Training

/// Checkpoints whose checksums are right: whoever changes a file can write its checksum too.
@Suite struct CheckpointFuzzTests {
    private static let design = NetworkDesign(
        block: .basic, unitsPerStage: 1, shortcut: IdentityShortcut(), baseWidth: 1, classes: 2,
        input: Shape(1, 1, 4, 4))

    private static func checkpoint() throws -> Checkpoint<Float> {
        let state = try TrainingState<Float>(design, from: HeInitialization(seed: 1))
        let result = TrainingResult(
            configuration: ["depth": "8"], recipe: .paper, seed: 1, parameters: 100, trainingImages: 10,
            testImages: 5,
            curve: [TrainingPoint(iteration: 1, learningRate: 0.1, loss: .nan, error: 0.5)],
            evaluations: [EvaluationPoint(iteration: 1, evaluation: Evaluation())],
            propagation: [
                PropagationSnapshot(
                    iteration: 0,
                    rows: [
                        .init(
                            gradientLog10: -1, directLog10: nil, throughWeightsLog10: 0, forwardRMS: 1,
                            negativeShare: 0.5)
                    ])
            ], ending: .notFinite(iteration: 1, .unit(2)), seconds: 3)
        return Checkpoint(state: state, result: result)
    }

    private static let words = [
        "\"iteration\" : ", "-9223372036854775808", "9223372036854775807", "1e308", "\"nan\"", "\"inf\"",
        "null", "[", "]",
        "{", "}", "[[[[[[[[[[[[", "\"format\" : 2", "\"F64\"", "\"type\" : ", "true", "-1",
        "\"milestones\" : [",
    ].map { Array($0.utf8) }

    @Test func stateFiles() throws {
        let record = CheckpointRecord(iteration: 0, type: "F32", result: try Self.checkpoint().result)
        try FuzzCampaign("state file", .dear).run(
            corpus: [try record.json()], dictionary: Self.words, refusals: [CheckpointError.self]
        ) { json in
            let record = try CheckpointRecord(json: json, of: "c")
            #expect((0...record.result.recipe.iterations).contains(record.iteration))
            // What was read can be written, and is then read as the same.
            let again = try CheckpointRecord(json: record.json(), of: "c")
            #expect(
                again.iteration == record.iteration
                    && again.result.configuration == record.result.configuration)
        }
    }

    @Test func folders() throws {
        let scratch = try ScratchFile("checkpoint")
        let place = CheckpointFolder(path: scratch.path)
        let folder = try place.write(try Self.checkpoint())
        defer { try? FileManager.default.removeItem(atPath: scratch.path) }
        let names = [CheckpointFiles.state, CheckpointFiles.weights, CheckpointFiles.checksums]
        let good = try names.map { [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\($0)"))) }
        let mutation = Mutation(dictionary: Self.words, corpus: good)
        try FuzzCampaign("checkpoint folder", .dear).run(
            corpus: [0, 0, 1, 1, 1, 2], describe: { (input: [[UInt8]]) in Array(input.joined()) },
            make: { file, stream in
                var files = good
                files[file] = mutation.mutated(files[file], &stream)
                if file != 2 { files[2] = Self.checksums(state: files[0], weights: files[1]) }
                return files
            },
            refusals: [CheckpointError.self],
            read: { files in
                for (name, bytes) in zip(names, files) { try Self.write(bytes, to: "\(folder)/\(name)") }
                let stored = try StoredCheckpoint(folder: folder)
                let checkpoint: Checkpoint<Float> = try stored.checkpoint(of: Self.design)
                #expect(
                    checkpoint.state.parameters.entries.allSatisfy {
                        $0.values.elements.allSatisfy(\.isFinite)
                    })
            })
    }

    private static func checksums(state: [UInt8], weights: [UInt8]) -> [UInt8] {
        func sum(_ bytes: [UInt8]) -> String {
            var sum = SHA256()
            bytes.withUnsafeBytes { sum.update($0) }
            return sum.hexadecimal
        }
        return CheckpointFiles.checksums(weights: sum(weights), state: sum(state))
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try #require(fopen(path, "wb"))
        defer { fclose(file) }
        fwrite(bytes, 1, bytes.count, file)
    }
}
