import Graphs
import Kernels
import Operators
import ResidualNetworks
import Tensors

/// Pulls one logit back from the points of a line between two images, and compares its gradients at every x_l.
struct LineCorrelationMeasurement {
    /// Points beside a.
    let points: Int

    /// Lines at most: pairs of neighbouring samples of the batch.
    static let greatestLineCount = 4
    static func lines(batch: Int) -> Int { min(greatestLineCount, batch / 2) }

    /// Halvings of the whole line, nearest first: scales over which gradients lose touch differ by decades.
    var distances: [Double] {
        (0..<points).reversed().map { Double(sign: .plus, exponent: -$0, significand: 1) }
    }

    /// Batches, no larger than the run's, that a line is measured in; each begins with a.
    func chunks(batch: Int) -> Int { (points - 1) / max(batch - 1, 1) + 1 }

    /// Units that the sweeps pass, forward and backward.
    func unitsPassed(of units: Int, batch: Int) -> Int {
        2 * units * Self.lines(batch: batch) * chunks(batch: batch)
    }

    /// - Parameter statistics: of inference; `nil` for those of the batch.
    /// - Throws: `MeasurementObstacle`, or a kernel's error.
    func measure<Scalar: KernelScalar>(
        _ network: Network<Scalar>, on batch: LabelledBatch<Scalar>, masks: any MaskSource,
        statistics: RunningStatistics?, stages: StagePartition, _ checkpointing: Checkpointing,
        progress: () -> Void
    ) throws -> LineCorrelation {
        let statistics = try statistics ?? network.calibratedStatistics(on: batch.input, masks: masks)
        let (samples, lines) = (batch.input.shape.batch, Self.lines(batch: batch.input.shape.batch))
        var sums: [[RunningMean]] = []
        for line in 0..<lines {
            let (a, b) = (2 * line, 2 * line + 1)
            for start in stride(from: 0, to: points, by: max(samples - 1, 1)) {
                let indices = start..<min(points, start + max(samples - 1, 1))
                let images = batch.line(from: a, to: b, at: [0] + distances[indices])
                let model = try network.model(batch: images.shape.batch, mode: .inference)
                let arguments = try network.arguments(
                    model, input: images, masks: masks, statistics: statistics)
                if sums.isEmpty {
                    sums = model.model.rows.map { _ in Array(repeating: RunningMean(), count: points) }
                }
                try compare(
                    model.model, arguments, logit: batch.labels[a], checkpointing, progress: progress
                ) { unit, gradient in
                    for (point, cosine) in zip(indices, gradient.cosinesWithFirst) {
                        sums[unit][point].add(cosine)
                    }
                }
            }
        }
        return LineCorrelation(
            distances: distances, lines: lines,
            rows: sums.enumerated().map { .init(unit: $0, cosines: $1.map(\.mean)) },
            reportedUnits: Array(Set([0] + stages.summaries.map(\.firstUnit))).sorted())
    }

    /// Shows the gradient of a logit at every x_l, from x_L down to x_0.
    private func compare<Scalar: KernelScalar>(
        _ model: ResidualModel, _ arguments: GraphArguments<Scalar>, logit: Int,
        _ checkpointing: Checkpointing, progress: () -> Void,
        visit: (Int, SampleProducts<Scalar>) -> Void
    ) throws {
        let plan = model.measuringPlan(checkpointing)
        let ends = model.rows.compactMap { $0.values.max() }
        var evaluation = try GraphEvaluation(plan, arguments, observing: Set(ends.dropFirst())) { _, _ in
            progress()
            return true
        }
        let logits = try evaluation.output
        guard Scalar.kernels.isFinite(logits) else { throw MeasurementObstacle.forwardPassOverflowed }
        let rowOf = model.rowOfValue
        let seed = Cotangent.resolved(ScaledTensor(logits.indicator(ofChannel: logit)))
        var arrived: [Graph.ValueID: ScaledTensor<Scalar>] = [:]
        try ReverseSweep<Cotangent<Scalar>>(visiting: Set(rowOf.keys)).run(
            consuming: &evaluation, from: [plan.graph.output: seed]
        ) { id, gradient in
            guard let l = rowOf[id] else { return }
            arrived[id] = gradient.keepInRange().tensor
            guard id == model.rows[l].values.min() else { return }
            visit(l, SampleProducts(model.rows[l].values.compactMap { arrived.removeValue(forKey: $0) }))
            if l < model.rows.count - 1 { progress() }
        }
    }
}

/// The mean of the values that there are.
private struct RunningMean {
    private var (sum, count) = (0.0, 0)
    var mean: Double? { count > 0 ? sum / Double(count) : nil }

    mutating func add(_ value: Double?) {
        guard let value else { return }
        (sum, count) = (sum + value, count + 1)
    }
}

extension LabelledBatch {
    /// The images a + t (b − a).
    fileprivate func line(from a: Int, to b: Int, at ts: [Double]) -> Tensor<Scalar> {
        let (elements, size) = (input.elements, input.shape.count / input.shape.batch)
        let points = ts.flatMap { t in
            (0..<size).map { index in
                let (start, end) = (elements[a * size + index], elements[b * size + index])
                return start + Scalar(t) * (end - start)
            }
        }
        return Tensor(points, shape: input.shape.with(batch: ts.count))
    }
}

extension Tensor where Scalar: KernelScalar {
    /// 1 in one channel of every sample and 0 elsewhere, in this shape.
    fileprivate func indicator(ofChannel channel: Int) -> Tensor {
        let plane = shape.height * shape.width
        let elements = (0..<shape.count).map { index -> Scalar in
            (index / plane) % shape.channels == channel ? 1 : 0
        }
        return Tensor(elements, shape: shape)
    }
}

extension SampleProducts {
    /// Of every further sample with the first; `nil` where either is 0.
    fileprivate var cosinesWithFirst: [Double?] {
        let first = self(0, 0)
        return (1..<count).map { sample in
            let squares = first.squareRoot() * self(sample, sample).squareRoot()
            return squares > 0 ? self(0, sample) / squares : nil
        }
    }
}
