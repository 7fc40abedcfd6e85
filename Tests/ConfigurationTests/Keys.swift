import Configuration

/// The keys of a small command.
enum Keys {
    static let all = [
        ConfigurationKey(
            name: "depth", documentation: "Weighted layers.", section: "Network", arity: .value,
            defaultValue: "110"),
        ConfigurationKey(name: "shortcut", documentation: "h(x).", section: "Network", arity: .value),
        ConfigurationKey(name: "data", documentation: "Images.", section: "Run", arity: .value),
        ConfigurationKey(name: "tag", documentation: "Words to remember.", section: "Run", arity: .list),
        ConfigurationKey(name: "quiet", documentation: "Print nothing.", section: "Output", arity: .flag),
    ]
}
