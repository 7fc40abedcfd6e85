/// One finished measurement of a sweep.
public struct StoredCell: Sendable, Equatable {
    /// The full configuration and the program's version as canonical text: equal only where the result is.
    public var key: String
    /// Version of the program that measured it.
    public var version: String
    /// Every option of the run, by name.
    public var configuration: [String: String]
    /// Numbers that stand for the whole measurement, by name; `nil` for null.
    public var quantities: [String: Double?]
    public var checksHold: Bool
    /// The whole report, as JSON.
    public var report: String
    /// How long it took.
    public var seconds: Double

    public init(
        key: String, version: String, configuration: [String: String], quantities: [String: Double?],
        checksHold: Bool, report: String, seconds: Double
    ) {
        self.key = key
        self.version = version
        self.configuration = configuration
        self.quantities = quantities
        self.checksHold = checksHold
        self.report = report
        self.seconds = seconds
    }
}
