import Analysis
import ArgumentParser
import Configuration
import DataSets
import Reporting

/// `propagate compare`: several networks in one report.
struct CompareCommand: ConfigurableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Measure several networks alike and rank them.",
        usage: "propagate compare <network> <network> ... [<options>]",
        discussion: """
            A network is named by what sets it apart: a shortcut (scale0.5), a unit (original), a block, a depth \
            (56), option=value (batch=32), a configuration file, or trained weights (the folder of a run or of a \
            checkpoint, a .safetensors file). All other options are those of 'propagate analyze', and hold for every \
            network.

              propagate compare identity scale0.5 gate-exclusive:-6 --depth 56 --seeds 5
              propagate compare 20 56 110 --shortcut scale0.9 --report folder
              propagate compare runs/plain-20 runs/resnet-20 --data noise
            """)

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("Networks, and options of analyze for all of them.", valueName: "network"))
    var words: [String] = []

    @Option(
        help: ArgumentHelp(
            "direct or total: rank by how little that part of the gradient changes per unit.",
            valueName: "word"))
    var rankBy = Ranking.direct

    @OptionGroup(title: OutputOptions.title) var outputOptions: OutputOptions
    @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

    static func keys() throws -> [ConfigurationKey] {
        try [networkKey] + CommandKeys.compared() + CommandKeys.keys(of: self)
    }

    /// How a configuration file names networks.
    private static let networkKey = ConfigurationKey(
        name: "network", documentation: "What sets each network apart.", section: "Comparison", arity: .list)

    /// Made once, as networks may be configuration files, which may be pipes.
    private lazy var requests = Result { try makeRequests() }

    mutating func validate() throws {
        let requests = requests
        try Usage.check { _ = try requests.get() }
        try OutputPlaces.requireApart { places in
            places.add(outputOptions)
            places.add(inputFile: configurationOptions.configuration, of: "--configuration")
            for (name, request) in (try? requests.get()) ?? [] {
                places.add(data: request.run.data)
                if NetworkSpecification.isWeights(name) {
                    places.add(weights: name)
                } else if NetworkSpecification.isPath(name) {
                    places.add(inputFile: name, of: "the network")
                }
            }
        }
    }

    mutating func run() throws {
        let requests = requests
        try RunOutcome.report {
            let requests = try requests.get()
            guard !configurationOptions.printConfiguration else {
                var resolved = Self.manifest(requests).configuration.mapValues { [$0] }
                resolved[Self.networkKey.name] = requests.map(\.name)
                try printConfiguration(resolved)
                return .held
            }
            let outputs = try ResultWriter(.comparison, outputOptions)
            var data: [DataProvenance] = []
            let networks = try requests.map { name, request in
                let (statistics, images) = try request.statistics()
                data += [images].compactMap(\.self)
                return Comparison.Network(
                    name: Int(name) == nil ? name : "depth \(name)", statistics: statistics,
                    configuration: RunManifest(of: request).configuration)
            }
            var manifest = Self.manifest(requests)
            // What all networks start from, also where one of them changes it.
            let started = try sharedSettings().compactMap { setting in
                setting.values.last.map { (setting.key.name, $0) }
            }
            manifest.configuration.merge(Dictionary(started) { $1 }) { own, _ in own }
            manifest.configuration[Self.networkKey.name] =
                requests.map(\.name.quotedForShell).joined(separator: " ")
            manifest.configuration["rank-by"] = rankBy.rawValue
            manifest.data = DataProvenance.shared(by: data)
            let comparison = Comparison(networks, ranking: rankBy, manifest: manifest)
            try outputs.write(ComparisonReport(comparison))
            outputs.complain(
                of: networks.flatMap { network in
                    network.statistics.failures.map { "\(network.name): \($0)" }
                })
            return RunOutcome(
                checksHold: comparison.allChecksHold, isComplete: comparison.isComplete)
        }
    }

    private typealias Request = (name: String, request: AnalysisRequest)

    private func scan() throws -> CommandLineScan {
        try CommandLineScan(words, keys: [Self.networkKey] + CommandKeys.compared())
    }

    private func sharedSettings() throws -> [RunConfiguration.Setting] {
        try scan().configuration.settings.filter { $0.key != Self.networkKey }
    }

    private func makeRequests() throws -> [Request] {
        let keys = try CommandKeys.compared()
        let scan = try scan()
        let names = scan.configuration.values(of: Self.networkKey.name) + scan.operands
        guard names.count > 1 else { throw SpecificationError.tooFew(names.count) }
        for (index, word) in names.enumerated() where names[..<index].contains(word) {
            throw SpecificationError.repeated(word)
        }
        let shared = try sharedSettings()
        return try names.map { word in
            let own = try NetworkSpecification.settings(of: word, keys: keys)
            let all = RunConfiguration(shared + own.settings)
            do {
                return (word, try AnalysisRequest(all))
            } catch {
                throw SpecificationError.impossible(word, reason: AnalyzeCommand.message(for: error))
            }
        }
    }

    /// What all networks share.
    private static func manifest(_ requests: [Request]) -> RunManifest {
        let manifests = requests.map { RunManifest(of: $0.request) }
        var shared = manifests[0]
        if manifests.contains(where: { $0.weights != shared.weights }) { shared.weights = nil }
        shared.configuration = shared.configuration.filter { name, value in
            manifests.allSatisfy { $0.configuration[name] == value }
        }
        return shared
    }
}

extension Ranking: ExpressibleByArgument {}
