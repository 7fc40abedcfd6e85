import ArgumentParser
import Configuration

/// The options that read and write configuration files. `Invocation` acts on the first before the command line
/// is parsed.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read options from a YAML file, one “key: value” a line; those typed come after and win.",
            valueName: "file"))
    var configuration: String?

    @Flag(help: "Print the configuration file that the other words amount to, and measure nothing.")
    var printConfiguration = false

    /// These two, for taking a command line apart: no file can say them.
    static let keys = [
        ConfigurationKey(name: "configuration", documentation: "", section: "", arity: .value),
        ConfigurationKey(name: "print-configuration", documentation: "", section: "", arity: .flag),
    ]
}
