import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// A training that was interrupted, and whoever goes on with it.
struct ResumeTests {
    @Test(
        "A run that is killed goes on and ends with the same weights", arguments: [SIGKILL, SIGINT, SIGTERM])
    func killed(by kind: Int32) throws {
        let folder = try TemporaryFolder()
        // Dropout, so that masks have to come back too; replicas and momentum besides.
        let words =
            SmallTraining.options.map { $0 == "12" ? "60" : $0 } + [
                "--shortcut", "dropout0.5", "--replicas", "2",
            ]
        #expect(try Program.run(words + ["--run", "whole", "--quiet"], in: folder).exitCode == 0)
        let outcome = try Program.run(words + ["--run", "r", "--quiet"], in: folder) { process in
            let deadline = Date() + 60
            let first = folder.path(SmallTraining.weights("r", after: 6))
            while Date() < deadline, !FileManager.default.fileExists(atPath: first) { usleep(1_000) }
            kill(process.processIdentifier, kind)
        }
        if kind == SIGKILL {
            #expect(outcome.isKilled)
        } else {
            #expect(!outcome.isKilled && outcome.exitCode == 128 + kind)
            #expect(outcome.errors.contains("stopping after this iteration"))
            #expect(try folder.text("r/report.md").contains("propagate train --resume r"))
        }
        let resumed = try Program.run("train", "--resume", "r", in: folder)
        #expect(resumed.exitCode == 0)
        #expect(resumed.errors.contains("\nr: going on after iteration "))
        #expect(
            try folder.data(SmallTraining.weights("r", after: 60))
                == folder.data(SmallTraining.weights("whole", after: 60)))
    }

    @Test("A run that was killed before its first checkpoint keeps its first command")
    func killedEarly() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(SmallTraining.short, in: folder).exitCode == 0)
        let finished = try folder.contents()
        for name in finished where name.hasPrefix("r/checkpoints/") {
            try? FileManager.default.removeItem(atPath: folder.path(name))
        }
        #expect(try Program.run("train", "--resume", "r", "--quiet", in: folder).exitCode == 0)
        #expect(
            try folder.contents().filter { !$0.contains("tfevents") }
                == finished.filter { !$0.contains("tfevents") })
        let manifest = try JSON(parsing: folder.text("r/manifest.json"))
        #expect(manifest["command"]?.strings == ["propagate"] + SmallTraining.short)
        // Another run that is begun in its place is another run.
        for name in finished where name.hasPrefix("r/checkpoints/") {
            try? FileManager.default.removeItem(atPath: folder.path(name))
        }
        let other = SmallTraining.short + ["--learning-rate", "0.01"]
        #expect(try Program.run(other, in: folder).exitCode == 0)
        #expect(
            try JSON(parsing: folder.text("r/manifest.json"))["command"]?.strings == ["propagate"] + other)
    }

    @Test("A damaged checkpoint is named, and nothing is trained over it")
    func damaged() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(SmallTraining.options + ["--run", "r", "--quiet"], in: folder).exitCode == 0)
        let path = SmallTraining.weights("r", after: 12)
        var bytes = try folder.data(path)
        bytes[bytes.count - 5] ^= 1
        try bytes.write(to: folder.url.appending(path: path))
        for words in [["train", "--resume", "r"], ["evaluate", "r"]] {
            let outcome = try Program.run(words, in: folder)
            #expect(outcome.exitCode == 2)
            #expect(
                outcome.errors.contains(
                    "The checkpoint r/checkpoints/iteration-00000012 is damaged: weights.safetensors"))
        }
        // An earlier one is for the user to choose.
        #expect(
            try Program.run("evaluate", "r/checkpoints/iteration-00000009", in: folder).exitCode == 0)
    }

    @Test("A disk that is full while a checkpoint is written costs that checkpoint alone")
    func fullDisk() throws {
        let folder = try TemporaryFolder()
        let words = SmallTraining.options + ["--run", "r", "--quiet"]
        #expect(
            try Program.run(
                words.map { $0 == "12" ? "6" : $0 } + ["--milestones", "6", "--warm-up", "0"], in: folder
            )
            .exitCode == 0)
        let kept = try folder.data(SmallTraining.weights("r", after: 6))
        // A limit on the length of files stands for a full disk: both fail a call to write.
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments =
            [
                "-c", "trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\" 2>errors", Program.executable.path,
            ] + words.map { $0 == "r" ? "s" : $0 }
        shell.currentDirectoryURL = folder.url
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 2)
        let errors = try folder.text("errors")
        #expect(errors.contains("s/checkpoints/iteration-00000003 cannot be written: File too large"))
        #expect(errors.split(separator: "\n").count == 1)
        #expect(try folder.contents().allSatisfy { !$0.contains("partial") })
        #expect(try folder.data(SmallTraining.weights("r", after: 6)) == kept)
    }

    @Test("A run of somebody else's says nothing of where to write, and its links are not followed")
    func strangersRun() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(SmallTraining.short, in: folder).exitCode == 0)
        let manifest = try folder.text("r/manifest.json")
        for option in ["json", "report", "csv", "run", "resume", "quiet", "configuration", "unheard-of"] {
            try folder.write(
                manifest.replacing(
                    "\"batch\":", with: "\"\(option)\": \"\(folder.path("mine"))\",\n    \"batch\":"),
                to: "r/manifest.json")
            let outcome = try Program.run("train", "--resume", "r", in: folder)
            #expect(outcome.exitCode == 2)
            #expect(
                outcome.errors.hasPrefix(
                    "Error: The manifest in r sets “\(option)”, which no training run's does"))
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path("mine")))
        // Nor of what to remove.
        let weights = "checkpoints/iteration-00000004/weights.safetensors"
        try folder.write("mine", to: "r/notes.txt")
        try folder.write(
            manifest.replacing(
                "\"report.md\"", with: "\"report.md\", \"notes.txt\", \"\(weights)\""),
            to: "r/manifest.json")
        #expect(try Program.run("train", "--resume", "r", "--quiet", in: folder).exitCode == 0)
        #expect(try folder.contents().contains("r/\(weights)"))
        #expect(try folder.text("r/notes.txt") == "mine")
        try folder.write(manifest, to: "r/manifest.json")
        // The curve, a figure folder and the manifest may be replaced, never written through.
        try folder.write("mine", to: "kept/curve")
        for (name, target) in [
            ("curve.csv", "../kept/curve"), ("figures", "../kept"), ("report.md", "../kept/curve"),
        ] {
            try? FileManager.default.removeItem(atPath: folder.path("r/\(name)"))
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("r/\(name)"), withDestinationPath: target)
        }
        let outcome = try Program.run("train", "--resume", "r", "--quiet", in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(try folder.text("kept/curve") == "mine")
        #expect(try folder.contents().filter { $0.hasPrefix("kept") } == ["kept", "kept/curve"])
        // A lock or checkpoints somewhere else are refused.
        for (name, sentence) in [
            (".lock", "r/.lock cannot be written: it is a link"),
            ("checkpoints", "r/checkpoints is not a folder of its own"),
        ] {
            try FileManager.default.moveItem(atPath: folder.path("r/\(name)"), toPath: folder.path("moved"))
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("r/\(name)"), withDestinationPath: "../moved")
            let refused = try Program.run("train", "--resume", "r", "--quiet", in: folder)
            #expect(refused.exitCode == 2)
            #expect(refused.errors.hasPrefix("Error: \(sentence)"), "\(refused.errors)")
            try FileManager.default.removeItem(atPath: folder.path("r/\(name)"))
            try FileManager.default.moveItem(atPath: folder.path("moved"), toPath: folder.path("r/\(name)"))
        }
    }

    @Test("A manifest keeps the first command, records who went on, and repeats the run")
    func manifestOfTheRun() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(SmallTraining.short, in: folder).exitCode == 0)
        // As if it had been killed after the first checkpoint.
        try FileManager.default.removeItem(atPath: folder.path("r/checkpoints/iteration-00000004"))
        let outcome = try Program.run("train", "--resume", "r", "--threads", "2", "--quiet", in: folder)
        #expect(outcome.exitCode == 0)
        #expect(outcome.errors.contains("r: 2 threads from here on and 1 before: the weights will differ"))
        let manifest = try JSON(parsing: folder.text("r/manifest.json"))
        #expect(manifest["command"]?.strings == ["propagate"] + SmallTraining.short)
        #expect(manifest["configuration"]?["threads"]?.string == "1")
        #expect(manifest["resumptions"]?.elements?.count == 1)
        let resumption = try #require(manifest["resumptions"]?.elements?.first)
        #expect(
            resumption["command"]?.strings == [
                "propagate", "train", "--resume", "r", "--threads", "2", "--quiet",
            ])
        #expect(resumption["threads"]?.number == 2)
        #expect(resumption["iteration"]?.number == 2)
        for source in ["r/manifest.json", "r/report.json"] {
            let name = "again-\(source.hasSuffix("report.json"))"
            let again = try Program.run(
                "train", "--configuration", source, "--run", name, "--quiet", in: folder)
            #expect(again.exitCode == 0, "\(again.errors)")
            #expect(
                try JSON(parsing: folder.text("\(name)/manifest.json"))["configuration"]
                    == manifest["configuration"])
        }
    }

    @Test("How a run is gone on with holds for whoever goes on next")
    func resumedOptions() throws {
        let folder = try TemporaryFolder()
        func manifest() throws -> JSON { try JSON(parsing: folder.text("r/manifest.json")) }
        func resume(_ words: String...) throws -> [String: JSON]? {
            // As if it had been killed after the first checkpoint.
            try? FileManager.default.removeItem(atPath: folder.path("r/checkpoints/iteration-00000004"))
            let outcome = try Program.run(["train", "--resume", "r", "--quiet"] + words, in: folder)
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            return try manifest()["resumptions"]?.elements?.last?["options"]?.members
        }
        #expect(try Program.run(SmallTraining.short, in: folder).exitCode == 0)
        let begun = try manifest()["configuration"]
        #expect(
            try resume("--keep", "5", "--checkpoint-every", "1", "--log-every", "1")
                == ["keep": .string("5"), "checkpoint-every": .string("1")])
        // Back to what it began with, and nothing about what stays.
        #expect(try resume("--keep", "3", "--checkpoint-every", "1") == ["keep": .string("3")])
        #expect(try resume() == [:])
        #expect(
            try folder.contents().contains("r/checkpoints/iteration-00000003"),
            "a checkpoint after each iteration, as last asked for")
        #expect(try manifest()["configuration"] == begun, "what it began with stays")
        let text = try folder.text("r/manifest.json")
        try folder.write(
            text.replacing("\"keep\": \"5\"", with: "\"depth\": \"14\""), to: "r/manifest.json")
        let refused = try Program.run("train", "--resume", "r", "--quiet", in: folder)
        #expect(refused.exitCode == 2)
        #expect(
            refused.errors.hasPrefix("Error: The manifest in r sets “depth”, which no"), "\(refused.errors)")
    }

    @Test("Outputs of a run that is gone on with are held against its own folder and data")
    func resumedOutputs() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(SmallTraining.short, in: folder).exitCode == 0)
        // Where the run would be by default, which it is not.
        let other = "runs/full-preact-8-identity-digits8-seed0"
        try FileManager.default.createDirectory(
            atPath: folder.path(other), withIntermediateDirectories: true)
        let outcome = try Program.run(
            "train", "--resume", "r", "--quiet", "--csv", "\(other)/curve.csv", in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let refused = try Program.run("train", "--resume", "r", "--csv", "r/curve.csv", in: folder)
        #expect(refused.exitCode == 64)
        #expect(refused.errors.hasPrefix("Error: --csv r/curve.csv lies in the folder of --resume"))
    }
}
