import ArgumentParser
import Conformance
import Reporting

/// `propagate conform`: a network's layers, and how it differs from the paper and from public implementations.
struct ConformCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conform",
        abstract: "List a network's layers and its differences from the paper and other code.",
        usage: "propagate conform [<options>]",
        discussion: """
            Builds the network, lists its layers with parameters and multiply-adds, and compares it with the \
            paper, with the authors' Torch release and with the widely used Torch implementation. A difference \
            is told, not judged.

            Exit codes: 0 listed, 2 could not list, 64 usage.
            """)

    @OptionGroup(title: NetworkOptions.title) var networkOptions: NetworkOptions

    @Option(
        help: ArgumentHelp(
            "Write layers and differences as JSON, or to standard output with -.", valueName: "file"))
    var json: String?

    mutating func validate() throws {
        do {
            let unitCount = try networkOptions.designAlone.unitCount
            guard unitCount <= LayerListing.greatestUnitCount else {
                throw ConformanceError.tooManyUnits(unitCount, greatest: LayerListing.greatestUnitCount)
            }
        } catch { throw ValidationError("\(error)") }
    }

    func run() throws {
        try RunOutcome.report {
            let file = try json.map(TextFile.init)
            let design = try networkOptions.designAlone
            let report = try ConformanceReport(design)
            let manifest = RunManifest(configuration: design.words(networkOptions), data: nil)
            try file?.write(ConformanceJSONReport.text(report, manifest: manifest))
            if json != "-" {
                try StandardStream.print(
                    ConformanceTerminalReport.text(
                        report, manifest: manifest, style: TerminalSurroundings.style))
            }
            return .held
        }
    }
}
