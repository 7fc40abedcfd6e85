import ArgumentParser

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
}
