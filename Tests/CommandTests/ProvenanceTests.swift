import BuiltProgram
import Foundation
import ImageFixtures
import TemporaryFolders
import Testing

/// What was measured on what, and what was left out, from the outside.
struct ProvenanceTests {
    /// Two classes of three images, two files that are none, a JPEG stored on its side.
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for name in ["ant", "bee"] {
            try FileManager.default.createDirectory(
                atPath: folder.path("images/\(name)"), withIntermediateDirectories: true)
            for index in 0..<3 {
                let pixels = (0..<(3 * 40 * 36)).map { UInt8(($0 * $0 + 31 * index) % 251) }
                var file = EncodedImage.jpeg(width: 40, height: 36, pixels)
                if name == "bee", index == 0 { file.insert(contentsOf: Self.quarterTurn, at: 2) }
                try Data(file).write(to: folder.url.appending(path: "images/\(name)/\(index).jpg"))
            }
        }
        try folder.write("no image", to: "images/ant/bad.jpg")
        try folder.write("notes", to: "images/bee/notes.txt")
        return folder
    }

    /// An APP1 segment of 34 bytes: Exif, big-endian, one entry, orientation 6.
    private static let quarterTurn: [UInt8] =
        [0xFF, 0xE1, 0, 34] + Array("Exif".utf8) + [0, 0] + Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1]
        + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0] + [0, 0, 0, 0]

    private static let words = [
        "--depth", "8", "--data", "folder:images", "--undecodable", "skip", "--threads", "1",
    ]

    @Test("A measurement says on which images, and what it left out", arguments: ["1", "2"])
    func analyzed(seeds: String) throws {
        let folder = try folder()
        let outcome = try Program.run(
            Self.words + ["--batch", "6", "--seeds", seeds, "--report", "r"], in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let seed = seeds == "1" ? "seed 0" : "seeds 0 to 1"
        let line = "folder:images, 6 images, \(seed), training mode, single precision, 1 thread"
        let notes = [
            "Left out, as it cannot be decoded: 1 image (ant/bad.jpg).",
            "Passed over, as only PNG and JPEG are read: 1 .txt (bee/notes.txt).",
            "Turned upright, as its Exif data says: 1 image.",
        ]
        for words in [line] + notes {
            #expect(outcome.output.contains(words))
            #expect(try folder.text("r/report.html").contains(words))
            #expect(try folder.text("r/report.md").replacing("\\", with: "").contains(words))
        }
        let data = try #require(JSON(parsing: folder.text("r/report.json"))["manifest"]?["data"])
        #expect(data["classes"]?.elements?.compactMap(\.string) == ["ant", "bee"])
        #expect(data["undecodable"]?.elements?.compactMap(\.string) == ["images/ant/bad.jpg"])
        #expect(data["turned"]?.number == 1)
        #expect(data["normalization"]?["mean"]?.elements?.count == 3)
        #expect(data["parts"]?.elements?[0]["images_by_class"]?["bee"]?.number == 3 * (Double(seeds) ?? 0))
        #expect(
            JSONSchemaValidator.complaints(
                try JSON(parsing: folder.text("r/report.json")),
                try JSON(parsing: Program.run("schema", seeds == "1" ? "report" : "seeds").output)) == [])
    }

    @Test("Training and evaluation say so too")
    func trained() throws {
        let folder = try folder()
        let words =
            ["train"] + Self.words + [
                "--image-size", "32", "--iterations", "2", "--batch", "4", "--replicas", "1", "--run", ".run",
            ]
        let outcome = try Program.run(words, in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let head = "folder:images, 4 images to train on and 2 to test on, seed 0, single precision, 1 thread"
        #expect(outcome.output.contains(head))
        #expect(outcome.output.contains("Left out, as it cannot be decoded: 1 image (ant/bad.jpg)."))
        #expect(outcome.output.contains("Turned upright, as its Exif data says: 1 image."))
        let evaluated = try Program.run("evaluate", ".run", in: folder)
        #expect(evaluated.output.contains("folder:images, 2 images to test on, single precision"))
        #expect(evaluated.output.contains("cannot be decoded: 1 image (ant/bad.jpg)."))
        let json = try JSON(parsing: Program.run("evaluate", ".run", "--json", "-", in: folder).output)
        #expect(json["manifest"]?["data"]?["classes"]?.elements?.count == 2)
        #expect(
            JSONSchemaValidator.complaints(
                json, try JSON(parsing: Program.run("schema", "evaluation").output)) == [])
    }

    @Test(
        "Every command says what it ran on",
        arguments: [
            ("compare identity none --depth 8 --batch 2 --threads 1", "digits, 2 images"),
            ("sweep --depth 8 --shortcut identity,none --batch 2", "digits, 2 images, seed 0, training mode"),
            ("predict --depth 20 --batch 4", "digits, 4 images"), ("predict --x0 0.5,0.2", "x_0 0.5,0.2"),
            ("verify vanishing --precision single --seed 2", "seed 2, single precision"),
            (
                "confirm table1 --depth 8 --iterations 2 --batch 4 --seeds 1",
                "digits8, 1,437 images to train on and 360 to test on, seed 0"
            ),
        ])
    func everyCommand(arguments: String, words: String) throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(arguments.split(separator: " ").map(String.init), in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.output.contains(words), "\(outcome.output)")
    }

    @Test("The commit is the one that is checked out, wherever the program is run")
    func commit() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let json = try JSON(
            parsing: Program.run("conform", "--depth", "8", "--json", "-", in: try TemporaryFolder()).output)
        let commit = json["manifest"]?["commit"]?.string
        guard FileManager.default.fileExists(atPath: root.appending(path: ".git").path) else {
            #expect(commit == nil)
            return
        }
        let found = try #require(commit)
        #expect(found.wholeMatch(of: /[0-9a-f]{40,64}\+?/) != nil)
    }
}
