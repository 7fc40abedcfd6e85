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
                atPath: folder.path("images/\(name)"), withIntermediateDirectories: true)
            for index in 0..<4 {
                let offset: Int = 31 * index + 77 * label
                let pixels = (0..<(3 * 40 * 36)).map { UInt8(($0 * $0 + offset) % 251) }
                let file =
                    index % 2 == 0
                    ? EncodedImage.png(width: 40, height: 36, pixels)
                    : EncodedImage.jpeg(width: 40, height: 36, pixels)
                try Data(file).write(to: folder.url.appending(path: "images/\(name)/\(index).jpg"))
            }
        }
        return folder
    }

    private static let network = ["--architecture", "imagenet", "--depth", "18", "--image-size", "32"]

    @Test("An ImageNet network is measured on a folder, and every check holds")
    func measured() throws {
        let folder = try zoo()
        let outcome = try Program.run(
            Self.network + ["--data", "folder:images", "--batch", "8", "--json", "-"], in: folder)
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
        try folder.write("no image", to: "images/bee/9.png")
        let words = Self.network + ["--data", "folder:images", "--quiet", "--batch"]
        let refused = try Program.run(words + ["9"], in: folder)
        #expect(
            refused.errors
                == "Error: images/bee/9.png cannot be decoded: it is neither PNG nor JPEG; --undecodable skip leaves "
                + "such files out.\n")
        #expect(refused.exitCode == 2 && refused.output == "")
        #expect(try Program.run(words + ["8", "--undecodable", "skip"], in: folder).exitCode == 0)
    }

    @Test("An ImageNet network trains on a folder, and is tested at another size than it was trained on")
    func trained() throws {
        let folder = try zoo()
        let outcome = try Program.run(
            ["train"] + Self.network + [
                "--data", "folder:images", "--iterations", "2", "--batch", "4", "--replicas", "1", "--crop",
                "scale-and-aspect", "--test-size", "40", "--threads", "1", "--run", ".run", "--json", "-",
            ], in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let json = try JSON(parsing: outcome.output)
        // A fifth of each class of four is held out: one image.
        #expect(json["training_images"]?.number == 6 && json["test_images"]?.number == 2)
        #expect(json["manifest"]?["configuration"]?["test-size"]?.string == "40")
        #expect(json["curve"]?.elements?.compactMap { $0["loss"]?.number }.count == 2)
        // What it was trained on is safe from what comes of testing it.
        try folder.write("mine", to: "images/ant/notes.txt")
        let refused = try Program.run("evaluate", ".run", "--json", "images/ant/notes.txt", in: folder)
        #expect(refused.exitCode == 2)
        #expect(
            refused.errors.hasPrefix("Error: --json images/ant/notes.txt lies in the folder of --data"),
            "\(refused.errors)")
        #expect(try folder.text("images/ant/notes.txt") == "mine")
        #expect(try Program.run("evaluate", ".run", "--json", "e.json", in: folder).exitCode == 0)
    }

    @Test("A file that is none is found before training begins, and left out where that is asked for")
    func headers() throws {
        let folder = try zoo()
        try folder.write("", to: "images/bee/9.png")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("images/ant/9.jpg"), withDestinationPath: folder.path("nowhere.jpg"))
        let words =
            ["train"] + Self.network + [
                "--data", "folder:images", "--iterations", "1", "--batch", "4", "--replicas", "1",
                "--threads",
                "1", "--run", "run",
            ]
        let refused = try Program.run(words, in: folder)
        #expect(
            refused.errors
                == "Error: 2 of the 10 images of images cannot be decoded: images/ant/9.jpg (it is not there, or is a link to nothing), "
                + "images/bee/9.png (it is empty); --undecodable skip leaves such files out.\n")
        #expect(refused.exitCode == 2)
        #expect(!FileManager.default.fileExists(atPath: folder.path("run")), "nothing was begun")
        let trained = try Program.run(words + ["--undecodable", "skip"], in: folder)
        #expect(trained.exitCode == 0, "\(trained.errors)")
        let sentence = "Left out, as it cannot be decoded: 2 images (ant/9.jpg, bee/9.png)."
        #expect(trained.errors.contains(sentence) && trained.output.contains(sentence))
    }

    @Test(
        "What was left out stands in the outputs of commands that run several networks",
        arguments: [
            ("compare identity none --depth 8", "comparison.json"),
            ("sweep --depth 8 --shortcut identity,none --jobs 1 --store store", "sweep.json"),
        ])
    func leftOut(command: String, json: String) throws {
        let folder = try zoo()
        try folder.write("no image", to: "images/bee/9.png")
        try folder.write("no image", to: "images/bee/notes.webp")
        let words =
            command.split(separator: " ").map(String.init) + [
                "--data", "folder:images", "--batch", "8", "--undecodable", "skip", "--threads", "1",
            ]
        let sentences = [
            "Left out, as it cannot be decoded: 1 image (bee/9.png).",
            "Passed over, as only PNG and JPEG are read: 1 .webp (bee/notes.webp).",
        ]
        // The second time a sweep measures nothing, and tells the same.
        for report in ["first", "second"] {
            let outcome = try Program.run(words + ["--report", report], in: folder)
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            for sentence in sentences {
                #expect(outcome.output.contains(sentence))
                #expect(try folder.text("\(report)/report.html").contains(sentence))
                #expect(try folder.text("\(report)/report.md").replacing("\\", with: "").contains(sentence))
            }
            let data = try JSON(parsing: folder.text("\(report)/\(json)"))["manifest"]?["data"]
            #expect(data?["undecodable"]?.elements?.compactMap(\.string) == ["images/bee/9.png"])
            #expect(data?["other_formats_by_extension"]?[".webp"]?.number == 1)
            try FileManager.default.removeItem(atPath: folder.path(report))
        }
    }

    @Test("An empty class is named")
    func emptyClass() throws {
        let folder = try zoo()
        try FileManager.default.createDirectory(
            atPath: folder.path("images/cat"), withIntermediateDirectories: true)
        let outcome = try Program.run("--data", "folder:images", "--batch", "2", in: folder)
        #expect(
            outcome.errors.hasPrefix(
                "Error: The class folder images/cat holds no .png, .jpg, .jpeg, .jpe or .jfif file")
        )
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
