/// One thing that a configuration can say: an option of the command line, without its dashes.
public struct ConfigurationKey: Sendable, Equatable {
    /// How many values a key takes.
    public enum Arity: Sendable, Equatable {
        /// Said or not said: `true` or `false` in a file.
        case flag
        case value
        case list
    }

    public let name: String
    /// What it means, as the command's help says it.
    public let documentation: String
    /// The heading it stands under, such as “Network”.
    public let section: String
    public let arity: Arity
    /// The value that it has where nothing is said; `nil` where that depends on the rest.
    public let defaultValue: String?

    public init(
        name: String, documentation: String, section: String, arity: Arity, defaultValue: String? = nil
    ) {
        self.name = name
        self.documentation = documentation
        self.section = section
        self.arity = arity
        self.defaultValue = defaultValue
    }
}
