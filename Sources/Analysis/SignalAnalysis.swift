import Foundation
import Graphs
import Kernels
import ResidualNetworks
import Tensors

/// The whole measurement of a model on a batch: model → ForwardTrace → BackwardTrace (g, d, w) → measurements →
/// AnalysisResult.
public struct SignalAnalysis<Scalar: KernelScalar>: Sendable {
    public let subject: any MeasuredSubject<Scalar>
    public let options: AnalysisOptions
    /// The model on this batch.
    let model: ResidualModel
    private let plan: EvaluationPlan
    public let stages: StagePartition
    /// The l that probes start from.
    public let probedUnits: [Int]
    private let prediction: MemoryPrediction

    /// Of a network that was built here.
    ///
    /// - Parameters:
    ///   - masks: where dropout masks come from; drawn from `options.seed` by default.
    ///   - statistics: of a trained network, for inference mode; training mode has those of the batch.
    /// - Throws: `NetworkError.singleValueStatistics`, and other errors of networks that cannot be on this batch.
    public init(
        _ network: Network<Scalar>, on batch: LabelledBatch<Scalar>, options: AnalysisOptions = .init(),
        masks: (any MaskSource)? = nil, statistics: RunningStatistics? = nil
    ) throws {
        self.init(
            try NetworkSubject(
                network, on: batch, mode: options.mode, masks: masks ?? SeededMasks(seed: options.seed),
                statistics: statistics),
            options: options)
    }

    /// Of any model on a batch.
    public init(_ subject: any MeasuredSubject<Scalar>, options: AnalysisOptions = .init()) {
        self.subject = subject
        self.options = options
        let model = subject.model
        self.model = model
        stages = StagePartition(model)
        let probedUnits = options.probes.start(in: stages, unitCount: model.units.count)
        self.probedUnits = probedUnits
        // Double precision proves: differences of the loss are taken at the rows.
        let rows = Scalar.self == Double.self ? probedUnits.flatMap { model.rows[$0].values } : []
        (plan, prediction) = Checkpointing.first(
            of: MemoryPrediction.forms,
            making: { checkpointing in
                let plan = model.measuringPlan(keeping: Set(rows), checkpointing)
                let prediction = MemoryPrediction(
                    subject, plan, checkpointing, probes: probedUnits.count, measuring: options.measurements)
                return (plan, prediction)
            }, where: { $0.1.fits })
    }

    /// What it will take.
    public var cost: AnalysisCost {
        let (subject, omitted) = (measurementSubject, Set(measurementOmissions.map(\.name)))
        return AnalysisCost(
            memory: prediction.total, checkpointing: prediction.checkpointing,
            measurements: options.measurements.filter { !omitted.contains($0.name) }.map {
                $0.cost(of: subject)
            })
    }

    /// The measurements that do not apply to this network, each with the reason.
    public var measurementOmissions: [MeasurementResults.Omission] {
        let subject = measurementSubject
        return options.measurements.compactMap { request in
            request.obstacle(in: subject).map { .init(name: request.name, reason: $0.description) }
        }
    }

    private var measurementSubject: MeasurementSubject {
        MeasurementSubject(
            rows: model.rowShapes, scalarBytes: MemoryLayout<Scalar>.stride,
            parameters: subject.parameters.reduce(0) { $0 + $1.count }, hasLines: subject.hasLines)
    }

    /// Units of work that `progress` will be called for.
    public var progressTotal: Int {
        let units = model.units.count
        let omitted = Set(measurementOmissions.map(\.name))
        let measured = options.measurements.reduce(0) { sum, request in
            switch request {
            case _ where omitted.contains(request.name): sum
            case .jacobian(let from, let to):
                sum + JacobianMeasurement(from: from, to: to).unitsPassed(of: units)
            case .pathLengths: sum + units
            case .lineCorrelation(let points):
                sum
                    + LineCorrelationMeasurement(points: points).unitsPassed(
                        of: units, batch: model.rowShapes[0].batch)
            default: sum
            }
        }
        return (subject.isCalibrated ? 1 : 0) + (probedUnits.isEmpty ? 2 : 3) * units + measured
    }

    /// Measures everything.
    ///
    /// - Throws: `AnalysisError.doesNotFit` before any work; a kernel's or the network's error.
    public func run(progress: () -> Void = {}) throws -> AnalysisResult {
        try prediction.requireToFit()
        let derivatives = try derivativeCheck()
        let arguments = try subject.arguments()
        if subject.isCalibrated { progress() }
        let before = try earlyMeasurements(arguments, progress: progress)
        let forward = try forwardTrace(arguments, progress: progress)
        var measurements = MeasurementRun(self, forward: forward, before)
        var backward: BackwardTrace<Scalar>?
        var probes: [ProbeMeasurement] = []
        var growth: RoundingGrowth?
        if let cotangent = forward.outputCotangent {
            let kept = Set(probedUnits).union(probedUnits.isEmpty ? [] : [model.units.count])
            let trace = try BackwardTrace(
                forward, from: cotangent, keeping: kept.union(measurements?.keptRows ?? []),
                measuringSums: options.measuresSums, progress: progress
            ) { measurements?.visit($0) }
            backward = trace
            let sweep = ProbeSweep(
                forward: forward, backward: trace, outputCotangent: cotangent, seed: options.seed)
            (probes, growth) = try probe(sweep, forward, progress: progress)
            if Scalar.self == Double.self { try measureLoss(of: &probes, sweep, forward, arguments) }
        }
        var result = ResultAssembly(
            analysis: self, forward: forward, backward: backward, probes: probes, growth: growth
        ).result()
        result.checks += [derivatives?.identityCheck].compactMap(\.self)
        result.measurements = try withoutActuallyEscaping(progress) {
            try measurements?.finish(result, kept: backward?.kept ?? [:], progress: $0)
        }
        return result
    }

    /// `nil` where none is asked for, or no design says how a small network is made.
    private func derivativeCheck() throws -> DerivativeReport? {
        guard options.checksDerivatives, let design = subject.design else { return nil }
        return try DerivativeCheck(seed: options.seed).report(on: design)
    }

    /// The forward pass alone, by the statistics of the batch.
    public func forwardTrace() throws -> ForwardTrace<Scalar> {
        try forwardTrace(subject.arguments())
    }

    private func forwardTrace(
        _ arguments: GraphArguments<Scalar>, progress: () -> Void = {}
    ) throws -> ForwardTrace<Scalar> {
        try ForwardTrace(
            model, plan, arguments, loss: subject.loss,
            measuringBranches: options.measurements.contains(.signalPropagation),
            measuringSums: options.measuresSums, progress: progress)
    }

    /// Multiplications, each with an addition, of all convolutions forward, and of all their pull-backs down to x_0.
    public var multiplyAdds: (forward: Int, backward: Int) { model.multiplyAdds }

    /// All start points in one push; one by one those that it leaves in doubt.
    private func probe(
        _ sweep: ProbeSweep<Scalar>, _ forward: ForwardTrace<Scalar>, progress: () -> Void
    ) throws -> ([ProbeMeasurement], RoundingGrowth?) {
        guard !probedUnits.isEmpty else { return ([], nil) }
        let findings = try sweep.push(from: probedUnits, progress: progress)
        let bound = ProbeBound(precision: Scalar.self, rows: forward.rows.count)
        let probes = try findings.probes.map { probe in
            bound.settles(probe)
                ? probe : try sweep.push(from: [probe.unit], alongGradient: true).probes.first ?? probe
        }
        let signal = forward.rows.map {
            $0.forwardRMS > 0 ? log10($0.forwardRMS) + 0.5 * log10(Double($0.shape.count)) : nil
        }
        return (
            probes,
            RoundingGrowth(
                tangentLog10: findings.tangentNorms.map(\.value), signalLog10: signal,
                unitRoundoff: Double(Scalar.ulpOfOne) / 2)
        )
    }

    private func measureLoss(
        of probes: inout [ProbeMeasurement], _ sweep: ProbeSweep<Scalar>, _ forward: ForwardTrace<Scalar>,
        _ arguments: GraphArguments<Scalar>
    ) throws {
        guard let loss = forward.loss else { return }
        var inputs: [Int: Tensor<Scalar>] = [:]
        for probe in probes { inputs[probe.unit] = try forward.input(of: probe.unit).first }
        let difference = LossDifference(model, subject.loss, at: loss, inputs: inputs, arguments)
        for index in probes.indices {
            let unit = probes[index].unit
            guard let (v, gradient, norm) = sweep.direction(at: unit) else { continue }
            switch try difference.finding(
                unit: unit, direction: v, gradient: gradient, gradientLog10: norm)
            {
            case .error(let error): probes[index].probeErrorLoss = error
            case .kink(let bend): probes[index].probeKinkLoss = bend
            case nil: break
            }
        }
    }

    private func earlyMeasurements(
        _ arguments: GraphArguments<Scalar>, progress: () -> Void
    ) throws -> EarlyMeasurements {
        var found = EarlyMeasurements()
        let omitted = Set(measurementOmissions.map(\.name))
        for request in options.measurements where !omitted.contains(request.name) {
            do {
                switch request {
                case .lineCorrelation(let points):
                    guard let lines = try subject.lines() else { break }
                    found.lineCorrelation = try LineCorrelationMeasurement(points: points).measure(
                        lines, stages: stages, prediction.checkpointing, progress: progress)
                case .parameterGradients:
                    found.parameterGradients = try ParameterGradientMeasurement(subject).measure(
                        arguments, prediction.checkpointing)
                default: break
                }
            } catch MeasurementObstacle.forwardPassOverflowed {}
        }
        return found
    }
}
