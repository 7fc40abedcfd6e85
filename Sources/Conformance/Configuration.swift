import ResidualNetworks

/// A configuration in the words that name it.
public struct Configuration: Sendable, Equatable {
    public let architecture: String
    public let depth: Int
    public let block: String
    public let unit: String
    public let shortcut: String
    /// Those that formulas give it.
    public let functions: [DesignFunction]
    public let classes: Int
    /// Extent of one image.
    public let channels: Int
    public let height: Int
    public let width: Int

    init(_ design: NetworkDesign) {
        architecture = design.architecture.name
        depth = design.depth
        block = design.block.name
        unit = design.layout.name
        shortcut = design.shortcut.name
        functions = design.functions
        classes = design.classes
        channels = design.input.channels
        height = design.input.height
        width = design.input.width
    }
}
