import ResidualNetworks

/// What a file of weights calls the tensors of a network: as we do, or as torchvision does; behind the prefix of a
/// wrapper where all names have one.
struct TensorNaming: Sendable {
    private let prefix: String
    /// `nil` for our own names.
    private let torchvision: TorchvisionNames?

    /// - Parameter names: all of the file's.
    init(of design: NetworkDesign, in names: [String]) {
        let prefix = WrapperPrefix.common(to: names)
        self.prefix = prefix
        torchvision = TorchvisionNames.are(in: names, behind: prefix) ? TorchvisionNames(of: design) : nil
    }

    /// What the file calls a parameter or a statistic; where it has no word for it, our own.
    func stored(_ name: String) -> String { prefix + (torchvision?.name(of: name) ?? name) }
}
