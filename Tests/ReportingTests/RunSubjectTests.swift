import DataSets
import Testing

@testable import Reporting

/// The line that stands at the head of every report.
struct RunSubjectTests {
    @Test("Data, images, seed, mode, precision, threads and commit are one line")
    func line() {
        let subject = RunSubject(SyntheticResult.manifest)
        #expect(
            subject.line()
                == "digits, 16 images from 2 of 3 classes, seed 0, training mode, single precision, 2 threads · 0123456"
        )
        #expect(
            subject.notes == [
                "Left out, as it cannot be decoded: 4 images (ant/1.jpg, ant/2.jpg, bee/*3*.jpg and 1 more).",
                "Decoded past stray bytes: 1 image (bee/5.jpg).",
                "Passed over, as only PNG and JPEG are read: 2 .webp, 1 .txt, 1 folder (bee/a.webp, bee/b.webp, "
                    + "bee/notes.txt and 1 more).",
                "Turned upright, as their Exif data says: 2 images.",
            ])
    }

    @Test("What a run has not is left out, and an unknown commit is said to be one")
    func parts() {
        var manifest = SyntheticResult.manifest
        manifest.data = nil
        manifest.configuration = ["seed": "3", "seeds": "5", "x0": "0.5,0.2", "data": "digits"]
        manifest.commit = nil
        #expect(RunSubject(manifest).line() == "x_0 0.5,0.2, seeds 3 to 7 · commit unknown")
        manifest.configuration = [:]
        manifest.commit = "0123456789abcdef+"
        #expect(RunSubject(manifest).line() == "0123456+")
        manifest.configuration = ["data": "digits8", "jobs": "2"]
        manifest.data = DataProvenance(
            name: "digits", classes: ["0"],
            parts: [.init(role: .training, images: 1437), .init(role: .test, images: 360)],
            untested: ["7", "9"])
        #expect(
            RunSubject(manifest).line()
                == "digits8, 1,437 images to train on and 360 to test on, 2 runs at a time · 0123456+")
        #expect(RunSubject(manifest).notes == ["Without an image to test on: 2 classes (7, 9)."])
    }

    @Test("Weights that were read are named, with what is known of their training")
    func weights() {
        var manifest = SyntheticResult.manifest
        manifest.weights = WeightsProvenance(path: "run/checkpoints/iteration-00012000", iteration: 12_000)
        #expect(
            RunSubject(manifest).line().hasPrefix(
                "weights run/checkpoints/iteration-00012000, digits, 16 images"))
        func title() -> String { Summary.title(SyntheticResult.small().network, weights: manifest.weights) }
        #expect(title().hasSuffix(" residual units, trained for 12,000 iterations"))
        manifest.weights?.iteration = 1
        #expect(title().hasSuffix(", trained for 1 iteration"))
        manifest.weights?.iteration = nil
        #expect(title().hasSuffix(", with weights of a file"))
        manifest.weights = nil
        #expect(title().hasSuffix(" residual units"))
    }

    @Test("Every form of every report has it")
    func everywhere() throws {
        let manifest = SyntheticResult.manifest
        let line = RunSubject(manifest).line()
        let style = TerminalStyle(width: 140)
        let single = ReportBundle.files(SyntheticResult.small(), manifest: manifest)
        let reports: [any Report] = [
            SeedReport(SyntheticSeeds.five(), manifest: manifest),
            ComparisonReport(SyntheticSeeds.comparison()),
            SweepReport(SyntheticSeeds.sweep()), try SyntheticConfirmation.report(),
            TrainingReport(SyntheticTraining.finished(), manifest: manifest),
        ]
        #expect(
            TerminalReport.text(SyntheticResult.small(), manifest: manifest, style: style).contains(
                " \(line)\n"))
        for report in reports { #expect(report.terminal(style).contains(" \(line)\n")) }
        let kinds: [ReportKind] = [.analysis, .analysis, .comparison, .sweep, .confirmation, .training]
        for (kind, files) in zip(kinds, [single] + reports.map { $0.files() }) {
            // What a later report in the same folder may remove.
            for name in files.map(\.path) {
                #expect(ReportKind.canHold(name))
                #expect(kind.names.contains(name) || name.hasPrefix("figures/"), "\(name)")
            }
            for (name, text) in [
                ("report.html", line.escapedForXML), ("report.md", line.escapedForMarkdown),
                ("manifest.json", "\"commit\": \"0123456789abcdef0123456789abcdef01234567\""),
            ] {
                let file = try #require(files.first { $0.path == name })
                #expect(file.contents.contains(text), "\(name)")
            }
        }
    }
}
