import ArgumentParser

/// The option that reads a configuration file. `Invocation` acts on it before the command line is parsed.
struct ConfigurationFileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read options from a YAML file, one “key: value” a line; those typed come after and win.",
            valueName: "file"))
    var configuration: String?
}

/// The options that read and write configuration files.
struct ConfigurationOptions: ParsableArguments {
    @OptionGroup var file: ConfigurationFileOptions

    @Flag(help: "Print the configuration file that the other words amount to, and measure nothing.")
    var printConfiguration = false
}
