import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// `propagate evaluate`.
struct EvaluateTests {
    @Test("The last test of a run is what evaluate says of it, and the digits are learnt")
    func evaluation() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            "train", "--depth", "8", "--data", "digits8", "--iterations", "150", "--run", "r", "--json",
            "a.json",
            "--quiet", "--seed", "1", in: folder)
        #expect(outcome.exitCode == 0)
        let run = try JSON(parsing: folder.text("a.json"))
        let last = try #require(run["curve"]?.elements?.last)
        let evaluated = try JSON(
            parsing: Program.run("evaluate", "r", "--json", "-", in: folder).output)
        #expect(evaluated["error"]?.number == last["test_error"]?.number)
        #expect(evaluated["top5_error"]?.number == last["test_top5_error"]?.number)
        #expect(evaluated["loss"]?.number == last["test_loss"]?.number)
        #expect(evaluated["images"]?.number == 360)
        // Chance is 0.9; a tenth of the preset's training comes to some 0.05.
        #expect(try #require(evaluated["error"]?.number) < 0.2)
    }

    /// The folder of a network's exported weights, of which the last elements are these.
    private func exported(endingIn last: [Float]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            "--depth", "8", "--mode", "inference", "--batch", "4", "--threads", "1", "--quiet", "--export",
            "e",
            in: folder)
        #expect(outcome.exitCode == 0)
        var file = try folder.data("e/weights.safetensors")
        let bytes = last.withUnsafeBytes { Data($0) }
        file.replaceSubrange((file.count - bytes.count)..<file.count, with: bytes)
        try file.write(to: folder.url.appending(path: "e/weights.safetensors"))
        return folder
    }

    @Test("Weights that are no numbers are named, and no error is made of them")
    func unusableWeights() throws {
        let folder = try exported(endingIn: [1, .nan])
        let outcome = try Program.run("evaluate", "e", in: folder)
        #expect(outcome.exitCode == 2 && outcome.output == "")
        #expect(
            outcome.errors.contains(
                #/e/weights\.safetensors cannot be used: element \d+ of units\.2\.branch\.conv2\.weight is nan\./#
            ), "\(outcome.errors)")
    }

    @Test("Outputs that are no numbers are told as such, and the rest is reported")
    func outputsThatAreNotFinite() throws {
        let folder = try exported(
            endingIn: Array(repeating: Float.greatestFiniteMagnitude, count: 9 * 64))
        let outcome = try Program.run("evaluate", "e", "--json", "e.json", in: folder)
        #expect(outcome.exitCode == 2)
        #expect(
            outcome.errors.contains(#/The network gives outputs that are not finite for \d+ of 360 images/#),
            "\(outcome.errors)")
        let plain = try Program.run("evaluate", "e", in: folder)
        #expect(!plain.output.contains("100.00 %") && plain.output.contains("top-1 error  –"))
        let json = try JSON(
            parsing: Program.run("evaluate", "e", "--json", "-", in: folder).output)
        #expect(json["error"] == .null && json["images"]?.number == 360)
        let count = try #require(json["not_finite_images"]?.number)
        #expect(count > 0)
    }
}
