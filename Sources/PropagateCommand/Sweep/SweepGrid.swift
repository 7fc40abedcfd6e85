import Analysis
import Configuration
import Kernels
import Reporting

/// All combinations of the options of a sweep.
struct SweepGrid {
    /// Options with several values, in the order in which they were said.
    let axes: [SweepAxis]
    let cells: [SweepCell]

    /// Under which a manifest names the axes, in their order.
    static let axesName = "axes"
    private static let cellLimit = 10_000

    /// - Parameter configuration: options of `analyze`, each with one value or several.
    init(_ configuration: RunConfiguration) throws {
        let axes = try Self.axes(of: configuration)
        let count = axes.reduce(1) { count, axis in
            let (product, overflows) = count.multipliedReportingOverflow(by: axis.axis.values.count)
            return overflows ? .max : product
        }
        guard count <= Self.cellLimit else { throw SweepError.tooManyCells(count) }
        var combinations: [(settings: [RunConfiguration.Setting], coordinates: [String])] = [([], [])]
        for (key, axis) in axes {
            combinations = combinations.flatMap { settings, coordinates in
                axis.values.map { value in
                    (
                        settings + [RunConfiguration.Setting(key, [axis.prefix + value])],
                        coordinates + (axis.values.count > 1 ? [value] : [])
                    )
                }
            }
        }
        let several = axes.map(\.axis).filter { $0.values.count > 1 }
        self.axes = several
        cells = try combinations.map { settings, coordinates in
            try SweepCell(
                RunConfiguration(settings), axes: several.map(\.name), coordinates: coordinates)
        }
    }

    /// Every option that all cells share, with the value that it takes.
    var shared: [String: String] {
        cells[0].configuration.filter { name, value in
            cells.allSatisfy { $0.configuration[name] == value }
        }
    }

    private typealias KeyedAxis = (key: ConfigurationKey, axis: SweepAxis)

    private static func axes(of configuration: RunConfiguration) throws -> [KeyedAxis] {
        var names: [String] = []
        for setting in configuration.settings where !names.contains(setting.key.name) {
            names.append(setting.key.name)
        }
        let keys = configuration.settings.map(\.key)
        var axes: [KeyedAxis] = []
        for name in names {
            guard let key = keys.first(where: { $0.name == name }) else { continue }
            let words = configuration.values(of: name)
            guard FormulaOptions.assigning.contains(name) else {
                axes.append((key, try SweepAxis(name: name, words: words)))
                continue
            }
            // Each name that is given numbers is an axis of its own.
            for (assigned, values) in try Assignment.alternatives(in: words, of: name) {
                let isTaken = names.contains(assigned) || axes.contains { $0.axis.name == assigned }
                axes.append(
                    (
                        key,
                        try SweepAxis(
                            name: isTaken ? "\(name) \(assigned)" : assigned, words: values,
                            prefix: assigned + "=")
                    ))
            }
        }
        try spreadSeeds(&axes)
        try fixThreads(&axes)
        return axes
    }

    /// `--seeds 5` is an axis of five seeds.
    private static func spreadSeeds(_ axes: inout [KeyedAxis]) throws {
        guard let place = axes.firstIndex(where: { $0.axis.name == "seeds" }) else { return }
        let seeds = axes.remove(at: place).axis.values
        guard seeds.count == 1, let count = UInt64(seeds[0]), count > 0 else {
            throw SweepError.impossibleRange(option: "seeds", range: seeds.joined(separator: ","))
        }
        let first = axes.first { $0.axis.name == "seed" }?.axis.values ?? ["0"]
        guard first.count == 1 else { throw SweepError.twoKindsOfSeeds }
        guard let key = try CommandKeys.measured().first(where: { $0.name == "seed" }),
            let start = UInt64(first[0]), count <= 10_000
        else { throw SweepError.impossibleRange(option: "seeds", range: seeds[0]) }
        axes.removeAll { $0.axis.name == "seed" }
        let all = (0..<count).map { String(start &+ $0) }
        axes.append((key, try SweepAxis(name: "seed", words: all)))
    }

    /// One thread a cell unless told otherwise: several cells run at once.
    private static func fixThreads(_ axes: inout [KeyedAxis]) throws {
        if let said = axes.first(where: { $0.axis.name == "threads" }) {
            guard said.axis.values.count == 1 else { throw SweepError.severalThreadCounts }
            return
        }
        guard let key = try CommandKeys.measured().first(where: { $0.name == "threads" }) else { return }
        axes.append((key, try SweepAxis(name: "threads", words: ["1"])))
    }
}

/// One combination: what is measured, and the key under which it is stored.
struct SweepCell: Sendable {
    /// The command line that measures this cell alone.
    let words: [String]
    /// Its values on the axes, in the axes' order.
    let coordinates: [String]
    let name: String
    let request: AnalysisRequest
    /// Every option with the value it takes.
    let configuration: [String: String]
    /// Predicted peak memory, in bytes.
    let memory: Int

    init(_ settings: RunConfiguration, axes: [String], coordinates: [String]) throws {
        name =
            axes.isEmpty ? "the cell" : zip(axes, coordinates).map { "\($0) \($1)" }.joined(separator: ", ")
        do {
            request = try AnalysisRequest(settings)
            memory = try request.memoryPrediction().total
        } catch {
            throw SweepError.impossibleCell(name, reason: AnalyzeCommand.message(for: error))
        }
        words = settings.words
        self.coordinates = coordinates
        let said = settings.settings.map { ($0.key.name, $0.values.joined(separator: ",")) }
        configuration = RunManifest(of: request).configuration
            .merging(said) { resolved, _ in resolved }
    }

    /// The configuration and what interprets it, in one fixed order.
    var key: String {
        let facts = configuration.merging(["propagate": ToolVersion.current]) { $1 }
        return facts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
    }

    var seed: String { configuration["seed"] ?? "" }
}
