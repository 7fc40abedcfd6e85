import BuiltProgram
import TemporaryFolders
import Testing

/// Files of a data set that are missing or wrong: exit code 2, the file named, nothing computed.
struct DataFileTests {
    /// Bytes of a file of the CIFAR-10 release: 10,000 records of a label and 3 × 32 × 32 values.
    private static let cifar10File: UInt64 = 30_730_000
    private static let cifar10Files = (1...5).map { "data_batch_\($0).bin" }

    @Test("A directory or file that is missing is named")
    func missing() throws {
        let folder = try TemporaryFolder()
        try expectRefusal("cifar10:nowhere", "There is no directory nowhere.", in: folder)
        try expectRefusal("cifar10:.", "The data file ./data_batch_1.bin is missing.", in: folder)
        try expectRefusal("cifar100:.", "The data file ./train.bin is missing.", in: folder)
    }

    @Test("A truncated file is named with its expected and found size")
    func truncated() throws {
        let folder = try TemporaryFolder()
        for name in Self.cifar10Files { try folder.writeSparse(Self.cifar10File, to: name) }
        try folder.writeSparse(1_000_000, to: "data_batch_3.bin")
        try expectRefusal(
            "cifar10:\(folder.url.path)",
            "\(folder.path("data_batch_3.bin")) should be 30730000 bytes long and is 1000000: "
                + "it is truncated or not the binary release.",
            in: folder)
    }

    @Test("Files of the right size are read, images of zeros included")
    func zeros() throws {
        let folder = try TemporaryFolder()
        for name in Self.cifar10Files { try folder.writeSparse(Self.cifar10File, to: name) }
        let outcome = try Program.run(
            ["--data", "cifar10:.", "--depth", "5", "--batch", "2", "--threads", "1"], in: folder)
        #expect(outcome.errors == "")
        #expect(outcome.output.contains("10 classes"))
        #expect(outcome.exitCode == 0)
    }

    private func expectRefusal(_ data: String, _ sentence: String, in folder: TemporaryFolder) throws {
        let before = try folder.contents()
        let outcome = try Program.run(["--data", data, "--report", "report"], in: folder)
        #expect(outcome.errors == "Error: \(sentence)\n")
        #expect(outcome.output == "")
        #expect(outcome.exitCode == 2)
        #expect(try folder.contents() == before)
    }
}
