import ArgumentParser
import Conformance
import Reporting

/// `propagate conform`: a network's layers, and how it differs from the paper and from public implementations; of a model of
/// a file its units, and what in them is rarely meant.
struct ConformCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conform",
        abstract: "List layers: a network's beside the paper, a model's with what is odd in its wiring.",
        usage: "propagate conform [<model>] [<options>]",
        discussion: """
            Builds the network that the options describe, lists its layers with parameters and multiply-adds, and \
            compares it with the paper, with the authors' Torch release and with the widely used Torch implementation.

            Of a model of a file it lists units and layers, and flags with the place what is rarely meant: a unit \
            whose shortcut is not connected, an activation or normalisation on a shortcut, a doubled or missing one \
            where units begin or end, a unit unlike its neighbours, weights that units share, a fixed kernel among \
            the weights. What is flagged is told, not judged; --strict fails on it.

              propagate conform --depth 164
              propagate conform model.onnx --dim tokens=128
              propagate conform model.onnx --strict --json findings.json

            Exit codes: 0 listed, 1 something is flagged and --strict said, 2 could not list, 64 usage.
            """)

    @Argument(help: ArgumentHelp("A model of any framework: an ONNX file.", valueName: "model"))
    var operand: String?

    @Flag(help: "Exit with 1 where something of a model is flagged.")
    var strict = false

    @Option(
        help: ArgumentHelp(
            "Write layers and differences as JSON, or to standard output with -.", valueName: "file"))
    var json: String?

    @OptionGroup(title: NetworkOptions.title) var networkOptions: NetworkOptions
    @OptionGroup(title: ModelOptions.title) var modelOptions: ModelOptions
    @OptionGroup(title: RunOptions.title) var runOptions: RunOptions

    mutating func validate() throws {
        try OutputPlaces.requireApart { places in
            places.add(inputFile: operand, of: "the model")
            places.add(inputFile: modelOptions.batchFile, of: "--batch-file")
            places.add(file: json, of: "--json")
        }
        let typed = try Invocation.current.get().typed
        do {
            if let operand {
                let words = try ModelWords(typed: typed, path: operand, for: Self.self)
                try words.requireOptionsOfModels()
                _ = try modelOptions.overrides(shortcuts: words.shortcuts)
            } else {
                try ModelWords.requireNone(in: typed, for: Self.self)
                guard !strict else { throw ConformanceUsageError.strictWithoutModel }
                let unitCount = try networkOptions.designAlone.unitCount
                guard unitCount <= LayerListing.greatestUnitCount else {
                    throw ConformanceError.tooManyUnits(unitCount, greatest: LayerListing.greatestUnitCount)
                }
            }
        } catch { throw ValidationError("\(error)") }
    }

    func run() throws {
        try RunOutcome.report {
            let file = try json.map(TextFile.init)
            guard let operand else {
                try listNetwork(to: file)
                return .held
            }
            let report = try modelRequest(operand).structure(in: runOptions.precision.scalar)
            try file?.write(StructureJSONReport.text(report))
            if json != "-" {
                try StandardStream.print(
                    StructureTerminalReport.text(report, style: TerminalSurroundings.style))
            }
            return strict && !report.findings.isEmpty ? .failed : .held
        }
    }

    private func listNetwork(to file: TextFile?) throws {
        let design = try networkOptions.designAlone
        let report = try ConformanceReport(design)
        let manifest = RunManifest(configuration: design.words(networkOptions), data: nil)
        try file?.write(ConformanceJSONReport.text(report, manifest: manifest))
        if json != "-" {
            try StandardStream.print(
                ConformanceTerminalReport.text(report, manifest: manifest, style: TerminalSurroundings.style))
        }
    }

    private func modelRequest(_ path: String) throws -> ModelRequest {
        let words = try ModelWords(
            typed: Invocation.current.get().typed, path: path, for: Self.self)
        return try ModelRequest(
            path: path, options: modelOptions, shortcuts: words.shortcuts, data: words.data, run: runOptions)
    }
}

/// Why the words of `conform` do not go together.
private enum ConformanceUsageError: Error, CustomStringConvertible {
    case strictWithoutModel

    var description: String {
        "--strict is for models of files, and none is named: the differences of a network are not judged."
    }
}
