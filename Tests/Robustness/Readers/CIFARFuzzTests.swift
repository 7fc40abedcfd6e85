import Foundation
import FuzzSupport
import NumericalMethods
import Testing

@testable import DataSets

/// Files under the names of a CIFAR release, of a few records: each is read whole or refused by an error of its own.
@Suite struct CIFARFuzzTests {
    private static let release = CIFARRelease(
        name: "small", word: "small", classCount: 10, folder: "inner", trainingFiles: ["train.bin"],
        testFiles: ["test.bin"], recordsPerTrainingFile: 2, recordsPerTestFile: 1, labelBytes: 2,
        archive: "small.tar.gz", otherForms: [], classFile: "names.txt")

    private static func records(_ count: Int) -> [UInt8] {
        var stream = RandomStream(seed: 0, name: "records")
        return (0..<count).flatMap { record in
            [99, UInt8(record)] + (0..<ImageShape.cifar.count).map { _ in UInt8(stream.integer(below: 256)) }
        }
    }

    /// An input is the training file, the test file and the file of names, one after the other.
    @Test func releases() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "cifar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let names = Array((0..<10).map { "class \($0)\n" }.joined().utf8)
        let training = Self.records(2)
        let tally = try FuzzCampaign("CIFAR", .dear).run(
            corpus: [training], describe: { (input: [[UInt8]]) in Array(input.joined()) },
            make: { training, stream in
                let mutation = Mutation(dictionary: [[0xFF], [10], [9, 9]], corpus: [names])
                var files = [training, Self.records(1), names]
                let changed = stream.integer(below: files.count)
                files[changed] = mutation.mutated(files[changed], &stream)
                // Most changes change the length, which alone is looked at first.
                if changed < 2, stream.integer(below: 4) > 0 {
                    let length = (2 - changed) * Self.release.recordLength
                    files[changed] = Array(files[changed].prefix(length))
                    files[changed] += [UInt8](repeating: 7, count: length - files[changed].count)
                }
                return files
            },
            refusals: [DataSetError.self],
            read: { files in
                for (name, bytes) in zip(["train.bin", "test.bin", "names.txt"], files) {
                    try Data(bytes).write(to: folder.appending(path: name))
                }
                try self.check(folder.path)
            })
        #expect(tally.accepted > tally.inputs / 100 && tally.refused > tally.inputs / 100)
    }

    private func check(_ directory: String) throws {
        for part in [CIFAR.Part.training, .test] {
            let source = try CIFAR(Self.release, directory: directory, part: part)
            let count = try #require(source.imageCount)
            let batch = try source.batch(size: count, seed: 1)
            #expect(batch.pixels.count == count * ImageShape.cifar.count)
            #expect(batch.labels.allSatisfy { (0..<10).contains($0) })
            guard part == .training else { continue }
            #expect(try source.provenance().classes.count == 10)
        }
    }
}
