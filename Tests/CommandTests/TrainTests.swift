import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// `propagate train`.
struct TrainTests {
    @Test("A run leaves its curve, TensorBoard's events, the last checkpoints and its report")
    func whole() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            SmallTraining.options + [
                "--run", "r", "--measure-every", "6", "--evaluate-every", "6", "--json", "a.json",
            ],
            in: folder)
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.contains("Finished: 12 iterations"))
        #expect(outcome.output.contains("Propagation was measured 3 times"))
        let names = try folder.contents()
        #expect(
            names.filter { $0.hasPrefix("r/checkpoints/iteration-") && !$0.dropFirst(17).contains("/") }
                == [6, 9, 12].map { String(format: "r/checkpoints/iteration-%08d", $0) })
        #expect(names.contains { $0.hasPrefix("r/events.out.tfevents.") })
        for file in [
            "report.html", "report.md", "report.json", "curve.csv", "propagation.csv", "manifest.json",
        ] {
            #expect(names.contains("r/\(file)"))
        }
        #expect(try folder.text("r/report.json") == folder.text("a.json"))
        let curve = try folder.text("r/curve.csv").split(separator: "\r\n")
        #expect(curve.count == 13)
        let report = try JSON(parsing: folder.text("a.json"))
        #expect(report["propagation"]?.elements?.count == 3)
    }

    @Test(
        "A loss that is not finite stops the run, names iteration and unit, and keeps the last good checkpoint"
    )
    func notFinite() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            SmallTraining.options + [
                "--unit", "original", "--warm-up", "4", "--learning-rate", "1e30", "--run", "r", "--quiet",
            ], in: folder)
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.errors == """
                Error: Training broke off: the loss of iteration 6 is not finite; \
                unit 0 is the first whose output is not. The checkpoint after iteration 3 is kept in r.

                """)
        #expect(try folder.text("r/report.md").contains("not finite"))
        // The last step has no loss behind it that would tell.
        let once = try Program.run(
            SmallTraining.options + [
                "--iterations", "1", "--warm-up", "0", "--learning-rate", "1e39", "--run", "once", "--quiet",
            ], in: folder)
        #expect(once.exitCode == 1)
        #expect(
            once.errors == """
                Error: Training broke off: iteration 1 left parameters that are not finite. \
                There was no checkpoint before it.

                """)
        #expect(try Program.run("evaluate", "r", in: folder).exitCode == 0)
    }

    @Test("What cannot be trained is refused in one sentence and touches nothing")
    func refusals() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(SmallTraining.options + ["--run", "r", "--quiet"], in: folder).exitCode == 0)
        let before = try folder.data(SmallTraining.weights("r", after: 12))

        let other = try Program.run(SmallTraining.options + ["--run", "r", "--momentum", "0.8"], in: folder)
        #expect(other.exitCode == 2)
        #expect(other.errors.contains("momentum is 0.9, and 0.8 was asked for"))

        try folder.write("x", to: "file")
        try FileManager.default.createDirectory(
            atPath: folder.path("foreign"), withIntermediateDirectories: true)
        try folder.write("x", to: "foreign/thesis.tex")
        for (words, sentence) in [
            (["--run", "foreign"], "foreign is not empty and holds no training run"),
            (["--run", "file"], "file is not a folder, and one is needed there."),
            (["--data", "folder:nowhere", "--run", "s"], "There is no directory nowhere."),
        ] {
            let outcome = try Program.run(SmallTraining.options + words, in: folder)
            #expect(outcome.exitCode == 2)
            #expect(outcome.errors.hasPrefix("Error: \(sentence)"))
        }
        let none = try Program.run("train", "--resume", "foreign", in: folder)
        #expect(none.exitCode == 2 && none.errors.hasPrefix("Error: foreign holds no training run"))
        for (words, sentence) in [
            (["--recipe", "papr"], "Unknown recipe “papr”; did you mean paper?"),
            (["--batch", "15", "--replicas", "2"], "A batch of 15 cannot be split evenly over 2 replicas."),
            (["--milestones", "9,soon"], "--milestones takes iterations"),
            (["--running-average", "nan"], "This recipe cannot be used: the weight of a new batch"),
            (["--warm-up=-5"], "This recipe cannot be used: the warm-up cannot be negative"),
            (["--weight-decay", "inf"], "This recipe cannot be used: weight decay must be a number"),
            (["--crop", "corner"], "Unknown crop “corner”"), (["--keep", "0"], "--keep must be at least 1"),
            (
                ["--crop", "central"],
                "--crop is of use with --data folder:DIR alone, and changes nothing with digits8."
            ),
            (["--test-size", "64"], "--test-size is of use with --data folder:DIR alone"),
            (["--data", "digts"], "Unknown data “digts”; did you mean digits?"),
            (["--run", "a", "--resume", "b"], "not both"),
        ] {
            let outcome = try Program.run(SmallTraining.options + words, in: folder)
            #expect(outcome.exitCode == 64)
            #expect(outcome.errors.contains(sentence))
        }
        #expect(try folder.data(SmallTraining.weights("r", after: 12)) == before)
    }

    @Test("A run that will not fit in memory is refused with its figure before anything is made")
    func doesNotFit() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            "train", "--depth", "999999998", "--data", "digits8", "--run", "r", in: folder)
        #expect(outcome.exitCode == 2 && outcome.output == "")
        #expect(outcome.errors.hasPrefix("Error: Training needs about "))
        #expect(outcome.errors.hasSuffix("or give the batch to more replicas.\n"))
        #expect(outcome.seconds < 5)
        #expect(try folder.contents() == [])
    }

    @Test("Two processes do not train in one folder")
    func locked() throws {
        let folder = try TemporaryFolder()
        let words = SmallTraining.options.map { $0 == "12" ? "4000" : $0 } + ["--run", "r", "--quiet"]
        _ = try Program.run(words, in: folder) { process in
            let deadline = Date() + 60
            let first = folder.path(SmallTraining.weights("r", after: 3))
            while Date() < deadline, !FileManager.default.fileExists(atPath: first) { usleep(1_000) }
            let second = try? Program.run(words, in: folder)
            #expect(second?.exitCode == 2)
            #expect(second?.errors.hasPrefix("Error: Another process is training in r") == true)
            kill(process.processIdentifier, SIGKILL)
        }
    }

    @Test("A folder that a kill left before its manifest is trained in; a report's manifest makes no run")
    func folders() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path("r/checkpoints"), withIntermediateDirectories: true)
        try folder.write("", to: "r/.lock")
        let words = SmallTraining.options.map { $0 == "12" ? "1" : $0 } + ["--quiet"]
        #expect(try Program.run(words + ["--run", "r"], in: folder).exitCode == 0)
        let report = ["--depth", "8", "--batch", "2", "--data", "noise", "--report", "report", "--quiet"]
        #expect(try Program.run(report, in: folder).exitCode == 0)
        let manifest = try folder.text("report/manifest.json")
        let outcome = try Program.run(words + ["--run", "report"], in: folder)
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.hasPrefix("Error: report is not empty and holds no training run"))
        #expect(try folder.text("report/manifest.json") == manifest)
    }

    @Test("The loss of a pre-activation ResNet-110 falls from its first iterations on")
    func deep() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            "train", "--depth", "110", "--data", "digits8", "--iterations", "24", "--batch", "32",
            "--learning-rate", "0.03", "--warm-up", "0", "--milestones", "none", "--log-every", "8",
            "--checkpoint-every", "24", "--evaluate-every", "24", "--threads", "1", "--quiet", "--run", "r",
            "--json", "a.json", in: folder)
        #expect(outcome.exitCode == 0)
        let curve = try #require(try JSON(parsing: folder.text("a.json"))["curve"]?.elements)
        let losses = curve.compactMap { $0["loss"]?.number }
        // Guessing is log 10 = 2.30. With seed 0, the default, means of eight iterations are 2.35, 2.17, 2.03.
        #expect(losses.count == 3 && losses[2] < losses[0] - 0.2, "\(losses)")
    }

    @Test("A training whose loss explodes is not finished, and fails")
    func explosion() throws {
        let folder = try TemporaryFolder()
        let words = [
            "train", "--depth", "8", "--data", "digits8", "--iterations", "30", "--batch", "16",
            "--learning-rate",
            "100", "--weight-decay", "0", "--warm-up", "0", "--threads", "1", "--run", "r",
        ]
        let outcome = try Program.run(words + ["--json", "a.json"], in: folder)
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.output.contains("Exploded: the loss ended at") && !outcome.output.contains("Finished"))
        let ending = try JSON(parsing: folder.text("a.json"))["ending"]
        #expect(ending?["kind"]?.string == "exploded" && ending?["iteration"]?.number == 30)
        // It ended so: going on with it changes nothing.
        let again = try Program.run("train", "--resume", "r", in: folder)
        #expect(again.exitCode == 1 && again.output.contains("Exploded: the loss ended at"))
    }

    @Test("Replicas of one image are refused where a normalisation would see one value")
    func singleValues() throws {
        let outcome = try Program.run(
            "train", "--architecture", "dense", "--depth", "8", "--data", "digits8", "--batch", "8",
            "--replicas",
            "8", in: try TemporaryFolder())
        #expect(
            outcome.exitCode == 64
                && outcome.errors.contains("stem.bn would take its statistics over 1 value"))
    }

    @Test("Settings that are hardly meant are told")
    func warnings() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            SmallTraining.short + ["--milestones", "1,9", "--warm-up", "4", "--translation", "8"], in: folder)
        #expect(outcome.exitCode == 0)
        #expect(
            outcome.errors == """
                Warning: The run has 4 iterations and never comes to milestone 9.
                Warning: The warm-up takes all 4 iterations: the learning rate stays at 0.01.
                Warning: Translations of up to 8 pixels leave nothing of some images of side 8.

                """)
    }
}
