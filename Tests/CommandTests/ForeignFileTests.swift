import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// Files and words of strangers given to the built program: it says what is wrong, in little time and memory.
struct ForeignFileTests {
    private func outcome(_ arguments: [String], in folder: TemporaryFolder? = nil) throws -> Program.Outcome {
        let outcome = try Program.run(arguments, in: folder)
        #expect(!outcome.isKilled, "\(arguments) ended by signal \(outcome.exitCode)")
        return outcome
    }

    @Test(
        "Numbers that ended the program are answered",
        arguments: [
            ("predict --unit original --shortcut scale1e18", 64),
            ("predict --unit bn-after-addition --shortcut scale1e160", 64),
            ("predict --x0 1e300,1e300", 64), ("predict --unit original --x0 1e99,0", 64),
            ("predict --depth 20 --unit original --shortcut scale2", 0),
            ("--depth 8 --data noise --batch 2 --unit original --shortcut scale1e18", 2),
            ("--depth 8 --data noise --batch 2 --unit original --shortcut scale1e160", 2),
            ("--batch 1000000000 --width 1024 --image-size 4096 --data noise", 64),
            ("--depth 8 --shortcut scale0,5", 64), ("--seed 18446744073709551616", 64),
        ])
    func numbers(line: String, code: Int32) throws {
        let outcome = try outcome(line.split(separator: " ").map(String.init))
        #expect(outcome.exitCode == code, "\(outcome.errors)")
        #expect(!outcome.output.contains("nan"))
    }

    /// A safetensors file of metadata alone.
    private func weights(_ metadata: String) -> Data {
        let header = Array("{\"__metadata__\":\(metadata)}".utf8)
        return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + Data(header)
    }

    @Test("Weights whose metadata claim a network that they do not hold cost no memory")
    func claimedDepth() throws {
        let folder = try TemporaryFolder()
        try weights(#"{"depth":"99999998","data":"noise"}"#).write(to: URL(filePath: folder.path("w")))
        let outcome = try outcome(["evaluate", "w"], in: folder)
        #expect(outcome.exitCode == 2)
        #expect(
            outcome.errors.hasPrefix("Error: w holds the weights of another network: its tensors are 0, and"))
    }

    @Test("What a file says of its run chooses no output")
    func claimedOutput() throws {
        let folder = try TemporaryFolder()
        try weights(#"{"depth":"8","data":"noise","json":"taken.json","run":"taken","report":"taken"}"#)
            .write(to: URL(filePath: folder.path("w")))
        #expect(try outcome(["evaluate", "w"], in: folder).exitCode == 2)
        #expect(try folder.names() == ["w"])
    }

    @Test("A file of PyTorch's is told what to do")
    func pyTorch() throws {
        let folder = try TemporaryFolder()
        try folder.write("PK\u{3}\u{4}archive", to: "model.pth")
        let outcome = try outcome(["evaluate", "model.pth"], in: folder)
        #expect(outcome.exitCode == 2 && outcome.errors.contains("safetensors.torch.save_file"))
    }

    @Test("A pipe is not waited for, nor an endless device read", arguments: ["pipe", "/dev/zero"])
    func notAFile(name: String) throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        let configured = try outcome(["--configuration", name], in: folder)
        #expect(configured.exitCode == 2)
        #expect(
            configured.errors
                == "Error: \(name) cannot be read: "
                + (name == "pipe"
                    ? "nothing comes through this pipe.\n"
                    : "it gives more than the 1048576 bytes that are read here.\n"))
        for words in [["evaluate", name], ["sweep", "--depth", "8", "--store", name]] {
            let outcome = try outcome(words, in: folder)
            #expect(outcome.exitCode == 2, "\(words)")
            #expect(outcome.errors.contains("not a regular file"), "\(outcome.errors)")
        }
    }

    @Test("A configuration that is not UTF-8 is refused with its line and byte")
    func notUTF8() throws {
        let folder = try TemporaryFolder()
        try (Data("depth: 20\ndata: caf".utf8) + [0xE9, 0x0A]).write(to: URL(filePath: folder.path("c.yaml")))
        let outcome = try outcome(["--configuration", "c.yaml"], in: folder)
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.hasPrefix("Error: c.yaml, line 2: at byte 19 0xE9 is not UTF-8 there"))
    }
}
