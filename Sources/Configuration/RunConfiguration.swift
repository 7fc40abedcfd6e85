/// What a run is asked for: settings of command-line options, whether they were typed or read from a file.
///
/// Settings keep their order, and of two with one name the later one counts, as on a command line.
public struct RunConfiguration: Sendable, Equatable {
    /// One key and its value, or values.
    public struct Setting: Sendable, Equatable {
        public let key: ConfigurationKey
        public let values: [String]
        /// Counted from 1, in the file that says it; `nil` where it was typed.
        public let line: Int?

        public init(_ key: ConfigurationKey, _ values: [String], line: Int? = nil) {
            self.key = key
            self.values = values
            self.line = line
        }

        /// The words of a command line that say the same. A flag that is not set has none.
        public var words: [String] {
            guard key.arity == .flag else { return values.map { "--\(key.name)=\($0)" } }
            return values.last == "true" ? ["--\(key.name)"] : []
        }
    }

    public var settings: [Setting]

    public init(_ settings: [Setting] = []) { self.settings = settings }

    /// The words of a command line that say the same.
    public var words: [String] { settings.flatMap(\.words) }

    /// Everything said under a name, in order.
    public func values(of name: String) -> [String] {
        settings.filter { $0.key.name == name }.flatMap(\.values)
    }
}
