import Kernels
import ResidualNetworks
import Tensors

/// The measurements of one analysis: those that look on at its backward pass, and those that come after.
struct MeasurementRun<Scalar: KernelScalar> {
    private var results: MeasurementResults
    private let requests: [MeasurementRequest]
    private let analysis: SignalAnalysis<Scalar>
    private let forward: ForwardTrace<Scalar>
    private var pathLengths: PathLengthMeasurement<Scalar>?
    private var cancellation: CancellationMeasurement<Scalar>?
    private var correlation: CorrelationMeasurement<Scalar>?
    private let lineCorrelation: LineCorrelation?
    private var parameterGradients: ParameterGradientMeasurement<Scalar>?

    /// Sorts out what does not apply. `nil` where nothing is asked for.
    ///
    /// - Parameter lineCorrelation: measured before, in memory that the sweeps have now.
    init?(
        _ analysis: SignalAnalysis<Scalar>, forward: ForwardTrace<Scalar>, mode: ForwardPass.Mode,
        lineCorrelation: LineCorrelation?
    ) {
        guard !analysis.options.measurements.isEmpty else { return nil }
        results = MeasurementResults(costs: analysis.measurementCosts)
        results.omissions = analysis.measurementOmissions
        let omitted = Set(results.omissions.map(\.name))
        var requests = analysis.options.measurements.filter { !omitted.contains($0.name) }
        if forward.topCotangent == nil {
            for request in requests where request.needsGradient {
                results.omit(request, because: .forwardPassOverflowed)
            }
            requests.removeAll(where: \.needsGradient)
        }
        self.requests = requests
        self.analysis = analysis
        self.forward = forward
        self.lineCorrelation = lineCorrelation
        for request in requests { begin(request, mode: mode) }
    }

    private mutating func begin(_ request: MeasurementRequest, mode: ForwardPass.Mode) {
        switch request {
        case .pathLengths(let greatest):
            pathLengths = PathLengthMeasurement(greatestLength: greatest, stages: analysis.stages)
        case .cancellation: cancellation = CancellationMeasurement()
        case .correlation: correlation = CorrelationMeasurement()
        case .parameterGradients:
            parameterGradients = ParameterGradientMeasurement(
                analysis.network, batch: analysis.batch, forward: forward, mode: mode, masks: analysis.masks)
        case .fits, .jacobian, .lineCorrelation, .signalPropagation: break
        }
    }

    /// One step of the backward pass.
    mutating func visit(_ step: BackwardStep<Scalar>) throws {
        try pathLengths?.visit(step)
        cancellation?.visit(step)
        correlation?.visit(step)
        try parameterGradients?.visit(step)
    }

    /// Lets go of what the backward pass left, and measures what remains.
    mutating func finish(
        _ result: AnalysisResult, progress: @escaping () -> Void
    ) throws -> MeasurementResults {
        results.pathLengths = pathLengths?.spectrum
        results.cancellation = cancellation?.rows
        results.correlation = correlation?.rows
        results.parameterGradients = parameterGradients?.rows
        if let missing = parameterGradients?.missing, let first = missing.first {
            let obstacle = MeasurementObstacle.gradientsMissing(count: missing.count, first: first)
            results.omit(.parameterGradients, because: obstacle)
        }
        (pathLengths, parameterGradients) = (nil, nil)
        for request in requests {
            switch request {
            case .fits: results.fits = DepthFits(units: result.units, stages: result.network.stages).all()
            case .signalPropagation: results.signalPropagation = signalPropagation()
            case .lineCorrelation:
                results.lineCorrelation = lineCorrelation
                if lineCorrelation == nil { results.omit(request, because: .forwardPassOverflowed) }
            case .jacobian(let from, let to):
                try measure(request, by: JacobianMeasurement(from: from, to: to), progress)
            default: break
            }
        }
        return results
    }

    private mutating func measure(
        _ request: MeasurementRequest, by measurement: JacobianMeasurement, _ progress: @escaping () -> Void
    ) throws {
        guard let top = forward.topCotangent else { return }
        do {
            results.jacobian = try measurement.measure(
                forward, top: top, seed: analysis.options.seed, progress: progress)
        } catch let obstacle as MeasurementObstacle {
            results.omit(request, because: obstacle)
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
