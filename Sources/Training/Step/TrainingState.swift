import Kernels
import ResidualNetworks

/// All that a training run carries from one iteration to the next.
public struct TrainingState<Scalar: KernelScalar>: Sendable {
    /// Iterations done.
    public internal(set) var iteration: Int
    public internal(set) var parameters: TrainedParameters<Scalar>
    public internal(set) var statistics: RunningStatistics

    /// The start of a run: parameters as the source draws them, velocities 0, running statistics 0 and 1.
    public init(_ design: NetworkDesign, from source: any ParameterSource) throws {
        self.init(iteration: 0, parameters: try TrainedParameters(design, from: source), statistics: [:])
    }

    public init(iteration: Int, parameters: TrainedParameters<Scalar>, statistics: RunningStatistics) {
        self.iteration = iteration
        self.parameters = parameters
        self.statistics = statistics
    }

    /// Whether every parameter is a finite number.
    public var isFinite: Bool {
        parameters.entries.allSatisfy { Scalar.kernels.isFinite($0.values) }
    }
}
