import ResidualNetworks

/// What a signal-propagation analysis measures besides the sweeps themselves.
public struct AnalysisOptions: Sendable {
    /// Which x_l the forward-mode probes start from.
    public enum Probes: String, Sendable, CaseIterable {
        /// x_0 and the first x of each stage.
        case stages
        /// Every x_l, at a cost of one forward pass from each.
        case all
        case none

        /// The l that probes start from in a network of this many units.
        func start(in stages: StagePartition, unitCount: Int) -> [Int] {
            switch self {
            case .none: []
            case .all: Array(0..<unitCount)
            case .stages: stages.summaries.map(\.firstUnit).filter { $0 < unitCount }
            }
        }
    }

    /// How batch normalisation and dropout behave.
    public enum Mode: String, Sendable, CaseIterable {
        case training
        /// With running statistics: those of a trained network, or else calibrated by one training-mode pass of the batch.
        case inference
    }

    public var mode: Mode
    public var probes: Probes
    /// Seeds dropout masks and the directions of probes.
    public var seed: UInt64
    /// What is measured beyond the sweeps.
    public var measurements: [MeasurementRequest]
    /// Whether the measurement is held against the theory of `network.design`; of use where that is what was built.
    public var comparesWithTheory: Bool
    /// Whether operations that are not built in are first held against differences of their values, where there is a design
    /// to build a small network of.
    public var checksDerivatives: Bool
    /// Whether every y_l is measured beside x_l, where f is not the identity.
    public var measuresSums: Bool

    public init(
        mode: Mode = .training, probes: Probes = .stages, seed: UInt64 = 0,
        measurements: [MeasurementRequest] = [], comparesWithTheory: Bool = false,
        checksDerivatives: Bool = true, measuresSums: Bool = false
    ) {
        self.mode = mode
        self.probes = probes
        self.seed = seed
        self.measurements = measurements
        self.comparesWithTheory = comparesWithTheory
        self.checksDerivatives = checksDerivatives
        self.measuresSums = measuresSums
    }
}
