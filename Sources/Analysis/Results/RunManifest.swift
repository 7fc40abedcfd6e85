/// The run from which a report came: enough to repeat it bit for bit.
public struct RunManifest: Sendable, Equatable, Codable {
    public var command: [String]
    public var version: String
    /// Versions of the libraries that computed: `oneDNN`, `OpenBLAS`, `GSL`, `Swift`, …
    public var libraries: [String: String]
    /// Every option, defaults included, as the words of the command line without dashes
    /// (`depth`, `shortcut`, `unit`, `block`, `architecture`, `width`, `classes`, `data`, `batch`, `seed`,
    /// `precision`, `mode`, `threads`, `probe`).
    public var configuration: [String: String]
    public var operatingSystem: String
    public var processor: String

    public init(
        command: [String], version: String, libraries: [String: String], configuration: [String: String],
        operatingSystem: String, processor: String
    ) {
        self.command = command
        self.version = version
        self.libraries = libraries
        self.configuration = configuration
        self.operatingSystem = operatingSystem
        self.processor = processor
    }
}
