import Graphs
import Kernels
import ResidualNetworks
import Tensors

/// The measurements of one analysis: those that look on at its backward pass, and those that come after.
struct MeasurementRun<Scalar: KernelScalar> {
    private var results: MeasurementResults
    private let requests: [MeasurementRequest]
    private let analysis: SignalAnalysis<Scalar>
    private let forward: ForwardTrace<Scalar>
    private var cancellation: CancellationMeasurement<Scalar>?
    private var correlation: CorrelationMeasurement<Scalar>?
    private let before: EarlyMeasurements

    /// Sorts out what does not apply. `nil` where nothing is asked for.
    ///
    /// - Parameter before: measured before, in memory that the sweeps have now.
    init?(
        _ analysis: SignalAnalysis<Scalar>, forward: ForwardTrace<Scalar>,
        _ before: EarlyMeasurements
    ) {
        guard !analysis.options.measurements.isEmpty else { return nil }
        results = MeasurementResults(costs: analysis.cost.measurements)
        results.omissions = analysis.measurementOmissions
        let omitted = Set(results.omissions.map(\.name))
        var requests = analysis.options.measurements.filter { !omitted.contains($0.name) }
        if forward.outputCotangent == nil {
            for request in requests where request.needsGradient {
                results.omit(request, because: .forwardPassOverflowed)
            }
            requests.removeAll(where: \.needsGradient)
        }
        self.requests = requests
        self.analysis = analysis
        self.forward = forward
        self.before = before
        if requests.contains(.cancellation) { cancellation = CancellationMeasurement() }
        if requests.contains(.correlation) { correlation = CorrelationMeasurement() }
    }

    /// Rows whose decomposition measurements ask for after the backward pass.
    var keptRows: Set<Int> {
        let followsLengths = requests.contains { if case .pathLengths = $0 { true } else { false } }
        return followsLengths ? PathLengthMeasurement.reported(in: analysis.stages) : []
    }

    /// One step of the backward pass.
    mutating func visit(_ step: BackwardStep<Scalar>) {
        cancellation?.visit(step)
        correlation?.visit(step)
    }

    /// Measures what remains.
    ///
    /// - Parameter kept: the decomposition at `keptRows`.
    mutating func finish(
        _ result: AnalysisResult, kept: [Int: RowPaths<Scalar>], progress: @escaping () -> Void
    ) throws -> MeasurementResults {
        results.cancellation = cancellation?.rows
        results.correlation = correlation?.rows
        for request in requests {
            do {
                try measure(request, result, kept: kept, progress)
            } catch let obstacle as MeasurementObstacle {
                results.omit(request, because: obstacle)
            }
        }
        return results
    }

    private mutating func measure(
        _ request: MeasurementRequest, _ result: AnalysisResult, kept: [Int: RowPaths<Scalar>],
        _ progress: @escaping () -> Void
    ) throws {
        switch request {
        case .cancellation, .correlation: break
        case .fits: results.fits = DepthFits(units: result.units, stages: result.network.stages).all()
        case .signalPropagation: results.signalPropagation = signalPropagation()
        case .lineCorrelation:
            guard let found = before.lineCorrelation else { throw MeasurementObstacle.forwardPassOverflowed }
            results.lineCorrelation = found
        case .pathLengths(let greatest):
            guard let cotangent = forward.outputCotangent else { return }
            results.pathLengths = try PathLengthMeasurement(
                greatestLength: greatest, stages: analysis.stages
            ).measure(forward, from: cotangent, against: kept, progress: progress)
        case .parameterGradients:
            guard let found = before.parameterGradients else {
                throw MeasurementObstacle.forwardPassOverflowed
            }
            results.parameterGradients = found
        case .jacobian(let from, let to):
            guard forward.outputCotangent != nil else { return }
            results.jacobian = try JacobianMeasurement(from: from, to: to).measure(
                forward, seed: analysis.options.seed, progress: progress)
        }
    }

    private func signalPropagation() -> [SignalPropagation] {
        forward.rows.enumerated().map { l, row in
            var statistics = SignalPropagation(unit: l)
            statistics.averageChannelSquaredMean = row.channelMeanSquare
            statistics.averageChannelVariance = row.channelVariance
            statistics.residualAverageVariance = row.branchVariance
            return statistics
        }
    }
}

/// What is measured before the sweeps of a run, by sweeps of its own: their memory is free when those begin.
struct EarlyMeasurements {
    /// `nil` where it is not asked for, and where the forward pass overflows.
    var lineCorrelation: LineCorrelation?
    var parameterGradients: [ParameterGradientNorm]?
}

extension MeasurementResults {
    fileprivate mutating func omit(_ request: MeasurementRequest, because obstacle: MeasurementObstacle) {
        omissions.append(Omission(name: request.name, reason: obstacle.description))
    }
}

extension MeasurementRequest {
    /// Whether there is nothing to measure without a finite loss.
    fileprivate var needsGradient: Bool {
        switch self {
        case .fits, .signalPropagation: false
        default: true
        }
    }
}
