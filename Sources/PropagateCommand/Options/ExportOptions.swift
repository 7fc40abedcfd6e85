import ArgumentParser

/// The option that takes the network itself elsewhere. Only one network can be exported.
struct ExportOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Write weights.safetensors, batch.safetensors and model.onnx.", valueName: "dir"))
    var export: String?
}
