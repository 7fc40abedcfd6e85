import ArgumentParser
import DataSets
import Prediction
import Reporting
import ResidualNetworks
import Tensors

/// `propagate predict`: what theory expects of a network, without building it.
struct PredictCommand: ConfigurableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Predict signal propagation from theory, for any depth.",
        usage: "propagate predict [<options>]",
        discussion: """
            Weights are averaged over, so nothing is built and depth costs microseconds a unit. A depth that the \
            architecture does not have is moved to the nearest that it has.

              propagate predict --depth 100000 --shortcut scale0.99
            """)

    @OptionGroup(title: NetworkOptions.title) var networkOptions: NetworkOptions

    @Option(
        help: ArgumentHelp(
            "Whose correlations x_0 has: noise (none), digits, cifar10:DIR, cifar100:DIR or folder:DIR.",
            valueName: "word"))
    var data = "digits"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Moments of x_0 in place of the data's: its mean square, the mean squared channel mean, and the root mean "
                + "square correlation between samples and positions (0 where it is not given).",
            valueName: "q,m[,r]"))
    var x0: StatedMoments?

    @Option(help: UndecodableFiles.help)
    var undecodable = UndecodableFiles.refuse

    @Option(parsing: .unconditional, help: ArgumentHelp("Images in the batch.", valueName: "count"))
    var batch = 16

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Runs whose median the band is for.", valueName: "count"))
    var seeds = 1

    @Option(help: ArgumentHelp("Write JSON to a file, or to standard output with -.", valueName: "file"))
    var json: String?

    @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

    /// Units that can be predicted one by one in the memory of a small machine.
    private static let greatestUnits = 2_000_000

    mutating func validate() throws {
        try OptionRange.require("--batch", batch, in: 1...1_000_000)
        try OptionRange.require("--seeds", seeds, in: 1...1_000_000)
        try OutputPlaces.requireApart { places in
            places.add(file: json, of: "--json")
            places.add(inputFile: configurationOptions.configuration, of: "--configuration")
            places.add(data: data)
        }
        do {
            let request = try request(image: .cifar, classes: 10)
            guard request.design.unitCount <= Self.greatestUnits else {
                throw ValidationError(
                    "--depth \(networkOptions.depth) has \(request.design.unitCount) units, and at most "
                        + "\(Self.greatestUnits) can be predicted.")
            }
            let source = try source
            if let available = source.imageCount, batch > available {
                throw DataSetError.batchTooLarge(batch, source: data, available: available)
            }
            let design = try self.request(image: source.shape, classes: source.classCount).design
            try design.scarcestNormalization(batch: batch)?.requireSeveralValues()
            _ = try MeanFieldPredictor(design, input: x0?.statistics, batch: batch)
        } catch let error as ValidationError {
            throw error
        } catch let error where AnalysisRequest.isWrongUsage(error) {
            throw ValidationError("\(error)")
        } catch {
            // A file that cannot be read is no wrong usage: `run` meets it again.
        }
    }

    func run() throws {
        try RunOutcome.report {
            let source = try source
            let request = try request(image: source.shape, classes: source.classCount)
            guard !configurationOptions.printConfiguration else {
                try printConfiguration(configuration(of: request.design).mapValues { [$0] })
                return .held
            }
            let output = try json.map { try TextFile(path: $0) }
            let (input, data) = try statistics(of: source, for: request.design)
            let trace = try MeanFieldPredictor(
                request.design, input: input, batch: batch, seeds: seeds
            ).predict()
            let manifest = RunManifest(configuration: configuration(of: request.design), data: data)
            try output?.write(
                PredictionJSON.text(
                    trace, functions: request.design.functions, manifest: manifest))
            if json != "-" {
                try StandardStream.print(
                    PredictionReport.text(
                        trace, manifest: manifest, configuration: words(for: request.design),
                        note: request.note,
                        style: TerminalSurroundings.style))
            }
            return .held
        }
    }

    private var source: any ImageSource {
        get throws { try networkOptions.source(named: data, undecodable: undecodable) }
    }

    /// The design, at the nearest depth that there is.
    private func request(
        image: ImageShape, classes: Int
    ) throws -> (design: NetworkDesign, note: String?) {
        let input = Shape(1, image.channels, image.height, image.width)
        do {
            return (try networkOptions.design(input: input, classes: classes), nil)
        } catch NetworkError.impossibleDepth(let depth, let rule, let nearest) {
            guard let closest = nearest.min(by: { abs($0 - depth) < abs($1 - depth) }) else {
                throw NetworkError.impossibleDepth(depth: depth, rule: rule, nearest: nearest)
            }
            var options = networkOptions
            options.depth = closest
            return (
                try options.design(input: input, classes: classes),
                "Depth \(Quantity.grouped(closest)) in place of \(Quantity.grouped(depth)): \(rule)."
            )
        }
    }

    /// Noise is what theory assumes; of images the stem's patches are looked at.
    private func statistics(
        of source: any ImageSource, for design: NetworkDesign
    ) throws -> (input: InputStatistics, data: DataProvenance?) {
        if let x0 { return (x0.statistics, nil) }
        guard source.imageCount != nil else {
            return (.independent(of: design), try source.provenance())
        }
        let images = try source.batch(size: batch, seed: 0)
        let input = InputStatistics(
            pixels: images.pixels, samples: images.count, channels: images.shape.channels,
            height: images.shape.height, width: images.shape.width, of: design)
        return (input, try source.provenance().of(images))
    }

    private func words(for design: NetworkDesign) -> [String] {
        [
            Quantity.counted(design.unitCount, "unit"), "depth \(Quantity.grouped(design.depth))",
            design.architecture.name,
            design.layout.name, design.block.name, "shortcut \(design.shortcut.name)",
        ] + design.functions.flatMap(\.equations) + [
            x0.map { "x_0 \($0)" } ?? "data \(data)", "batch \(Quantity.grouped(batch))",
        ]
    }

    private func configuration(of design: NetworkDesign) -> [String: String] {
        var words = design.words(networkOptions)
        words["x0"] = x0?.description
        return words.merging([
            "data": data, "undecodable": undecodable.rawValue, "batch": String(batch), "seeds": String(seeds),
        ]) { $1 }
    }
}
