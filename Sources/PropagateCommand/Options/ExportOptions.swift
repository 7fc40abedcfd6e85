import ArgumentParser

/// The option that takes the network itself elsewhere. Only one network can be exported.
struct ExportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write weights.safetensors and batch.safetensors.", valueName: "dir"))
    var export: String?
}
