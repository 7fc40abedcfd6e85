import Files
import Foundation
import Testing

@testable import Training

@Suite("Damaged and foreign checkpoints")
struct CheckpointDamageTests {
    let temporary: TemporaryDirectory
    let folder: CheckpointFolder
    /// Of the last of two checkpoints.
    let path: String

    init() throws {
        temporary = try TemporaryDirectory()
        folder = CheckpointFolder(ofRun: temporary.path)
        try folder.write(CheckpointFixture<Float>().checkpoint(after: 0))
        path = try folder.write(CheckpointFixture<Float>().checkpoint(after: 1))
    }

    private func bytes(_ file: String) throws -> Data {
        try Data(contentsOf: URL(filePath: path + "/" + file))
    }
    private func write(_ data: Data, to file: String) throws {
        try data.write(to: URL(filePath: path + "/" + file))
    }

    /// Refused with a sentence that names the checkpoint, while the one before it can be used.
    private func expectDamage(_ comment: String) throws {
        do {
            _ = try folder.newest()
            Issue.record("not noticed: \(comment)")
        } catch CheckpointError.damaged(let place, _) {
            #expect(place == path)
        }
        #expect(throws: CheckpointError.self, "\(comment)") { try StoredCheckpoint(path: temporary.path) }
        #expect(try folder.checkpoint(after: 0)?.iteration == 0)
    }

    @Test func everyFlippedBitIsNoticed() throws {
        for file in ["weights.safetensors", "state.json", "SHA256SUMS"] {
            let good = try bytes(file)
            // Length of the header, header, numbers, the last byte; every byte of the checksums.
            let regions = [0, 3, 7, 8, 9, 200, good.count / 2, good.count - 1]
            for place in file == "SHA256SUMS" ? Array(good.indices) : regions {
                for bit in [0, 5, 7] {
                    var bad = good
                    bad[place] ^= 1 << bit
                    try write(bad, to: file)
                    try expectDamage("\(file), byte \(place), bit \(bit)")
                }
            }
            try write(good, to: file)
        }
        #expect(try folder.newest()?.iteration == 1)
    }

    @Test func everyOtherLengthIsNoticed() throws {
        for file in ["weights.safetensors", "state.json", "SHA256SUMS"] {
            let good = try bytes(file)
            for length in [0, 1, 7, 8, 100, good.count / 2, good.count - 2] {
                try write(good.prefix(length), to: file)
                try expectDamage("\(file) of \(length) bytes")
            }
            try write(good + Data([0]), to: file)
            if file != "SHA256SUMS" { try expectDamage("\(file) with a byte more") }
            try FileManager.default.removeItem(atPath: path + "/" + file)
            try expectDamage("no \(file)")
            try write(good, to: file)
        }
        #expect(try folder.newest()?.iteration == 1)
    }

    @Test func sentencesNameTheFile() throws {
        var bad = try bytes("weights.safetensors")
        bad[bad.count - 1] ^= 1
        try write(bad, to: "weights.safetensors")
        do {
            _ = try folder.newest()
            Issue.record("not noticed")
        } catch {
            #expect(
                "\(error)"
                    == "The checkpoint \(path) is damaged: weights.safetensors does not have the checksum that "
                    + "SHA256SUMS gives; name an earlier one to go on from, or remove it.")
        }
    }

    /// Files that fit their checksums and are nonsense all the same.
    @Test func nonsenseIsNoticed() throws {
        let weights = try #require(try? InputSums.sum(of: path + "/weights.safetensors"))
        let json = try String(decoding: bytes("state.json"), as: UTF8.self)
        for text in [
            "", "{}", "[]", "null", "\u{0}", String(repeating: "[", count: 100_000),
            json.replacing("\"iteration\" : 1,", with: "\"iteration\" : -1,"),
            json.replacing("\"iteration\" : 1,", with: "\"iteration\" : 1e99,"),
            json.replacing("\"type\" : \"F32\"", with: "\"type\" : \"I64\""),
            json.replacing("\"format\" : 1,", with: "\"format\" : 0,"),
        ] {
            #expect(text != json)
            try write(Data(text.utf8), to: "state.json")
            let sums = try CheckpointFiles.checksums(
                weights: weights, state: InputSums.sum(of: path + "/state.json"))
            try write(Data(sums), to: "SHA256SUMS")
            try expectDamage("state of \(text.prefix(30))")
        }
    }

    @Test func laterFormatsAreNotGuessed() throws {
        let json = try String(decoding: bytes("state.json"), as: UTF8.self)
        try write(
            Data(json.replacing("\"format\" : 1,", with: "\"format\" : 2, \"more\" : [],").utf8),
            to: "state.json")
        let sums = try CheckpointFiles.checksums(
            weights: InputSums.sum(of: path + "/weights.safetensors"),
            state: InputSums.sum(of: path + "/state.json"))
        try write(Data(sums), to: "SHA256SUMS")
        #expect(throws: CheckpointError.otherFormat(path, found: 2, known: 1)) { try folder.newest() }
    }

    @Test func strangersAreNoCheckpoints() throws {
        let missing = temporary.file("missing")
        #expect(throws: CheckpointError.fileMissing(missing)) { try StoredCheckpoint(path: missing) }
        #expect(throws: CheckpointError.fileMissing(missing)) { try StoredWeights(path: missing) }
        let empty = temporary.file("empty")
        try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
        #expect(throws: CheckpointError.foreign(empty, reason: "it has no state.json")) {
            try StoredCheckpoint(path: empty)
        }
        let text = try temporary.write(Array("no weights at all".utf8), to: "text.safetensors")
        #expect(
            throws: CheckpointError.foreign(text, reason: "it is a file without a state.json beside it")
        ) { try StoredCheckpoint(path: text) }
        // Its first eight bytes are taken for a length.
        #expect(throws: CheckpointError.self) { try StoredWeights(path: text) }
        do {
            _ = try StoredWeights(path: text)
        } catch CheckpointError.foreign(let place, _) {
            #expect(place == text)
        }
    }

    /// A first checkpoint that was never finished.
    @Test func unfinishedOnesAreTold() throws {
        let run = temporary.file("run")
        let partial = run + "/checkpoints/.iteration-00000001.partial"
        try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
        #expect(throws: CheckpointError.unfinished(run)) { try StoredCheckpoint(path: run) }
        #expect(try CheckpointFolder(ofRun: run).newest() == nil)
    }
}

/// Checksums of files as they are.
enum InputSums {
    static func sum(of path: String) throws -> String {
        var checksum = SHA256()
        try Data(contentsOf: URL(filePath: path)).withUnsafeBytes { checksum.update($0) }
        return checksum.hexadecimal
    }
}
