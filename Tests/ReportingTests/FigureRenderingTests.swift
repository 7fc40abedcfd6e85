import DataSets
import Foundation
import Testing

@testable import Reporting

/// Figures as a program draws them that is no browser: librsvg, which is behind most image viewers and converters.
struct FigureRenderingTests {
    /// Every figure of every kind of report, and those that the notebooks and the README show.
    static let figures: [ReportBundle.File] = {
        let measured = Figure.all(SyntheticMeasurements.result()).map {
            ReportBundle.File(path: "measured/\($0.name).svg", contents: $0.svg)
        }
        return GoldenFileTests.files.filter { $0.path.hasSuffix(".svg") } + measured + committed
    }()

    private static let committed: [ReportBundle.File] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "notebooks-md")
        let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".svg") }.sorted().compactMap { path in
            (try? String(contentsOf: folder.appending(path: path), encoding: .utf8))
                .map { ReportBundle.File(path: "notebooks-md/\(path)", contents: $0) }
        }
    }()

    private static let environment = ProcessInfo.processInfo.environment
    private static let renderer = (environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/rsvg-convert" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    /// Where changes are judged the renderer has to be there; elsewhere its absence skips these tests.
    private static let isExpected = renderer != nil || environment["CI"] == "true"

    @Test("There is a figure of every kind, and of the notebooks and the README")
    func isComplete() {
        let folders = Set(Self.figures.map { $0.path.split(separator: "/").first.map(String.init) ?? "" })
        for kind in ["figures", "seeds", "comparison", "sweep", "training", "confirmation", "notebooks-md"] {
            #expect(folders.contains(kind), "\(kind)")
        }
        #expect(Self.figures.contains { $0.path.hasPrefix("notebooks-md/figures/README-") })
    }

    @Test("A file has no custom property and no media rule", arguments: figures.map(\.path))
    func isResolved(path: String) throws {
        let svg = try #require(Self.figures.first { $0.path == path }).contents
        for word in ["var(", "--", "@", "transparent"] { #expect(!svg.contains(word), "\(word) in \(path)") }
    }

    /// Black letters on black paper are one colour; paper that is not painted shows the magenta below it.
    @Test(
        "Drawn outside a browser it has its colours on white paper", .enabled(if: isExpected),
        arguments: figures.map(\.path))
    func isDrawn(path: String) throws {
        let figure = try #require(Self.figures.first { $0.path == path })
        let renderer = try #require(
            Self.renderer, "rsvg-convert is missing: install librsvg2-bin, as .ci/run does")
        let folder = FileManager.default.temporaryDirectory.appending(path: "figure-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, target) = (folder.appending(path: "figure.svg"), folder.appending(path: "figure.png"))
        try figure.contents.write(to: source, atomically: false, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: renderer)
        process.arguments = ["--background-color=#ff00ff", "--output", target.path, source.path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)

        let image = try ImageFile.decode(target.path)
        let pixels = image.pixels
        let colours = Set(
            stride(from: 0, to: pixels.count, by: 3).map { pixel in
                pixels[pixel..<pixel + 3].reduce(0) { $0 << 8 | Int($1) }
            })
        #expect(colours.count > 5, "\(path) has \(colours.count)")
        let row = 3 * image.width
        for corner in [0, row - 3, pixels.count - row, pixels.count - 3] {
            #expect(Array(pixels[corner..<corner + 3]) == [255, 255, 255], "\(path) has no white corner")
        }
        #expect(!colours.contains(0xFF00FF), "\(path) leaves some of its paper unpainted")
    }
}
