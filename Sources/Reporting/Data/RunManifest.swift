import DataSets

/// The run from which a report came: enough to repeat it bit for bit.
public struct RunManifest: Sendable, Equatable {
    /// A process that went on with a training run.
    public struct Resumption: Sendable, Equatable, Codable {
        /// Its command line, word by word.
        public var command: [String]
        public var version: String
        public var commit: String?
        /// Iterations that were done when it began.
        public var iteration: Int
        /// Compute threads, which the last bits of the weights depend on.
        public var threads: Int
        /// Options with which it went on differently than was done before, as `configuration` has them.
        public var options: [String: String]

        public init(
            command: [String], version: String, commit: String?, iteration: Int, threads: Int,
            options: [String: String] = [:]
        ) {
            self.command = command
            self.version = version
            self.commit = commit
            self.iteration = iteration
            self.threads = threads
            self.options = options
        }

        public init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            command = try values.decode([String].self, forKey: .command)
            version = try values.decode(String.self, forKey: .version)
            commit = try values.decodeIfPresent(String.self, forKey: .commit)
            iteration = try values.decode(Int.self, forKey: .iteration)
            threads = try values.decode(Int.self, forKey: .threads)
            // Manifests of earlier versions have none.
            options = try values.decodeIfPresent([String: String].self, forKey: .options) ?? [:]
        }
    }

    /// The command line of the process that began it, word by word.
    public var command: [String]
    public var version: String
    /// The commit that the program was built from, with `+` where files had changed since; `nil` where it was built
    /// outside its repository.
    public var commit: String?
    /// Versions of the libraries that computed: `oneDNN`, `OpenBLAS`, `GSL`, `Swift`, …
    public var libraries: [String: String]
    /// Every option, defaults included, as the words of the command line without dashes
    /// (`depth`, `shortcut`, `unit`, `block`, `architecture`, `width`, `classes`, `data`, `batch`, `seed`,
    /// `precision`, `mode`, `threads`, `probe`, and `weights` where they were read). Besides, a sweep names its `axes` in their order, a comparison each
    /// `network` as a word of a shell command, and a confirmation its `table`.
    public var configuration: [String: String]
    /// The images that were used; `nil` where none were.
    public var data: DataProvenance?
    /// Of an analysis: the weights that it read; `nil` where it drew them.
    public var weights: WeightsProvenance?
    /// Of a training run: the processes that went on with it, in order.
    public var resumptions: [Resumption]
    public var operatingSystem: String
    public var processor: String

    public init(
        command: [String], version: String, commit: String? = nil, libraries: [String: String],
        configuration: [String: String], data: DataProvenance? = nil, weights: WeightsProvenance? = nil,
        resumptions: [Resumption] = [], operatingSystem: String, processor: String
    ) {
        self.command = command
        self.version = version
        self.commit = commit
        self.libraries = libraries
        self.configuration = configuration
        self.data = data
        self.weights = weights
        self.resumptions = resumptions
        self.operatingSystem = operatingSystem
        self.processor = processor
    }
}
