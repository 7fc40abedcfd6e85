import ResidualNetworks

/// What was built, in numbers a reader can compare with the paper.
public struct NetworkSummary: Sendable, Equatable {
    /// `cifar` or `dense`, or the name a caller gave its own stack.
    public var architecture: String
    /// Weighted layers, as the paper counts them.
    public var depth: Int
    /// L, the number of residual units.
    public var units: Int
    /// Trainable parameters.
    public var parameters: Int
    public var unit: String
    public var block: String
    public var shortcut: String
    /// Those that formulas give it: h, f, the activation, factors of the branch.
    public var functions: [DesignFunction]
    public var classes: Int
    public var stages: [StageSummary]
    /// Predicted peak memory of the measurement, in bytes.
    public var expectedMemory: Int

    public init(
        architecture: String, depth: Int, units: Int, parameters: Int, unit: String, block: String,
        shortcut: String, functions: [DesignFunction] = [], classes: Int, stages: [StageSummary],
        expectedMemory: Int
    ) {
        self.architecture = architecture
        self.depth = depth
        self.units = units
        self.parameters = parameters
        self.unit = unit
        self.block = block
        self.shortcut = shortcut
        self.functions = functions
        self.classes = classes
        self.stages = stages
        self.expectedMemory = expectedMemory
    }
}

/// The rows of one stage: consecutive x_l of one shape.
public struct StageSummary: Sendable, Equatable {
    public var stage: Int
    /// Of maps; of sequences features.
    public var channels: Int
    /// Of maps; of sequences tokens.
    public var height: Int
    public var width: Int
    /// First and last l whose x_l has this shape.
    public var firstUnit: Int
    public var lastUnit: Int

    public init(stage: Int, channels: Int, height: Int, width: Int, firstUnit: Int, lastUnit: Int) {
        self.stage = stage
        self.channels = channels
        self.height = height
        self.width = width
        self.firstUnit = firstUnit
        self.lastUnit = lastUnit
    }
}
