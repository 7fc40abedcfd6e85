import BuiltProgram
import Foundation
import ImageFixtures
import TemporaryFolders
import Testing

/// `--data folder:DIR` and the ImageNet networks from the outside.
struct ImageFolderTests {
    /// Two classes of four noisy images, told apart by what they hold and not by their names.
    private func zoo() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (label, name) in ["ant", "bee"].enumerated() {
            try FileManager.default.createDirectory(
                atPath: folder.path(name), withIntermediateDirectories: true)
            for index in 0..<4 {
                let offset: Int = 31 * index + 77 * label
                let pixels = (0..<(3 * 40 * 36)).map { UInt8(($0 * $0 + offset) % 251) }
                let file =
                    index % 2 == 0
                    ? EncodedImage.png(width: 40, height: 36, pixels)
                    : EncodedImage.jpeg(width: 40, height: 36, pixels)
                try Data(file).write(to: folder.url.appending(path: "\(name)/\(index).jpg"))
            }
        }
        return folder
    }

    private static let network = ["--architecture", "imagenet", "--depth", "18", "--image-size", "32"]

    @Test("An ImageNet network is measured on a folder, and every check holds")
    func measured() throws {
        let folder = try zoo()
        let outcome = try Program.run(
            Self.network + ["--data", "folder:.", "--batch", "8", "--json", "-"], in: folder)
        #expect(outcome.exitCode == 0 && outcome.errors == "")
        let json = try JSON(parsing: outcome.output)
        #expect(json["network"]?["architecture"]?.string == "imagenet")
        #expect(json["network"]?["classes"]?.number == 2)
        // 11,689,512 with 1,000 classes, each of 513; without the 1,792 of BN behind projections.
        #expect(json["network"]?["parameters"]?.number == Double(11_689_512 - 998 * 513 - 1_792))
    }

    @Test("A file that cannot be decoded is named, and skipped only when asked")
    func undecodable() throws {
        let folder = try zoo()
        try folder.write("no image", to: "bee/9.png")
        let words = Self.network + ["--data", "folder:.", "--quiet", "--batch"]
        let refused = try Program.run(words + ["9"], in: folder)
        #expect(
            refused.errors
                == "Error: ./bee/9.png cannot be decoded: it is neither PNG nor JPEG; --undecodable skip leaves "
                + "such files out.\n")
        #expect(refused.exitCode == 2 && refused.output == "")
        #expect(try Program.run(words + ["8", "--undecodable", "skip"], in: folder).exitCode == 0)
    }

    @Test("An ImageNet network trains on a folder, and is tested at another size than it was trained on")
    func trained() throws {
        let folder = try zoo()
        let outcome = try Program.run(
            ["train"] + Self.network + [
                "--data", "folder:.", "--iterations", "2", "--batch", "4", "--replicas", "1", "--crop",
                "scale-and-aspect", "--test-size", "40", "--threads", "1", "--run", ".run", "--json", "-",
            ], in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let json = try JSON(parsing: outcome.output)
        // A fifth of each class of four is held out: one image.
        #expect(json["training_images"]?.number == 6 && json["test_images"]?.number == 2)
        #expect(json["manifest"]?["configuration"]?["test-size"]?.string == "40")
        #expect(json["curve"]?.elements?.compactMap { $0["loss"]?.number }.count == 2)
    }

    @Test("An empty class is named")
    func emptyClass() throws {
        let folder = try zoo()
        try FileManager.default.createDirectory(
            atPath: folder.path("cat"), withIntermediateDirectories: true)
        let outcome = try Program.run("--data", "folder:.", "--batch", "2", in: folder)
        #expect(outcome.errors.hasPrefix("Error: The class folder ./cat holds no .png, .jpg or .jpeg file"))
        #expect(outcome.exitCode == 2)
    }

    @Test(
        "Depths and sizes that there are not are refused in one sentence",
        arguments: [
            ("--architecture imagenet --depth 110", "Depth 110 is impossible: an imagenet network"),
            ("--data digits --image-size 64", "--image-size 64 is impossible: UCI handwritten digits"),
            ("--image-size 0", "--image-size must be at least 1, not 0."),
            ("--data folder", "“folder” needs the directory of its images: folder:DIR."),
        ])
    func refusal(words: String, sentence: String) throws {
        let outcome = try Program.run(words.split(separator: " ").map(String.init))
        #expect(outcome.errors.hasPrefix("Error: \(sentence)"))
        #expect(outcome.exitCode == 64)
    }
}
