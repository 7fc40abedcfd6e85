import Foundation
import Graphs
import Kernels
import Operators
import ResidualNetworks
import Tensors

/// One forward pass: what was measured of every x_l, and the evaluated graph, which the backward pass and the probes walk.
public struct ForwardTrace<Scalar: KernelScalar>: Sendable {
    /// What was measured at one x_l (l = 0 … L) and, for l < L, at the unit that reads it.
    public struct Row: Sendable {
        public var shape: Shape
        public var forwardRMS: Double
        public var channelMeanSquare: Double?
        public var channelVariance: Double?
        public var forwardIdentityError: Double?
        public var negativeShare: Double?
        /// Mean over channels of the channel variance of F̂(x_l), where it was asked for.
        public var branchVariance: Double?
        /// √(mean of y_l²), where it was asked for.
        public var sumRMS: Double?
    }

    public let model: ResidualModel
    /// The rows up to the first non-finite value.
    public let rows: [Row]
    /// The first l whose x_l is not finite; L + 1 for the head's logits; `nil` if the pass stayed finite.
    public let firstNonFiniteUnit: Int?
    /// The first l at which a path is smaller than its type can hold while the other is exactly 0 in places: there
    /// x_{l+1} reads 0, and with it every derivative at 0.
    public let firstUnderflowUnit: Int?
    /// E; `nil` after an overflow.
    public let loss: Double?
    /// ∂E/∂output; `nil` after an overflow.
    public let outputCotangent: ScaledTensor<Scalar>?
    /// The graph at the batch.
    public let evaluation: GraphEvaluation<Scalar>

    /// Evaluates a model on a batch.
    ///
    /// - Parameters:
    ///   - plan: with derivatives to the model's rows.
    ///   - measuringBranches: whether the variance of every F̂(x_l) is measured.
    ///   - measuringSums: whether every y_l is measured.
    ///   - progress: called after every unit.
    public init(
        _ model: ResidualModel, _ plan: EvaluationPlan, _ arguments: GraphArguments<Scalar>, loss: Loss,
        measuringBranches: Bool = false, measuringSums: Bool = false, progress: () -> Void = {}
    ) throws {
        var observation = RowObservation<Scalar>(
            model, plan, measuringBranches: measuringBranches, measuringSums: measuringSums)
        let evaluation = try GraphEvaluation(plan, arguments, observing: model.observed) { id, evaluation in
            try observation.observe(id, in: &evaluation, progress: progress)
        }
        self.model = model
        self.evaluation = evaluation
        rows = observation.rows
        firstUnderflowUnit = observation.firstUnderflowUnit
        guard evaluation.isComplete, let logits = try evaluation[plan.graph.output]?.tensor else {
            (firstNonFiniteUnit, self.loss, outputCotangent) = (observation.rows.count, nil, nil)
            return
        }
        let (value, cotangent) = try loss.evaluate(at: logits)
        guard value.isFinite else {
            (firstNonFiniteUnit, self.loss, outputCotangent) = (observation.rows.count, nil, nil)
            return
        }
        (firstNonFiniteUnit, self.loss, outputCotangent) = (nil, value, cotangent)
    }

    /// Number of units passed.
    public var unitCount: Int { model.units.count }

    /// The tensors of x_l, recomputed where they were released.
    public func input(of row: Int) throws -> [Tensor<Scalar>] {
        try model.rows[row].values.compactMap { try evaluation.value(of: $0)?.tensor }
    }
}

/// Measures rows and units as a forward pass comes by.
private struct RowObservation<Scalar: KernelScalar> {
    typealias Row = ForwardTrace<Scalar>.Row

    private let model: ResidualModel
    private let measuresBranches: Bool
    private let measuresSums: Bool
    private(set) var rows: [Row] = []
    private(set) var firstUnderflowUnit: Int?
    private var identity: ForwardIdentity<Scalar>?
    private let ways: [ShortcutWay?]
    /// The operands of h and of F of the unit at work, as its sums come by.
    private var leaves: [Merge.Leaf: ScaledTensor<Scalar>] = [:]
    /// By value: the row whose last value it is, the unit whose last sum it is, and the operands that enter at a sum.
    private let rowEnding: [Graph.ValueID: Int]
    private let unitEnding: [Graph.ValueID: Int]
    private let leavesAt: [Graph.ValueID: [Merge.Leaf]]

    init(_ model: ResidualModel, _ plan: EvaluationPlan, measuringBranches: Bool, measuringSums: Bool) {
        self.model = model
        measuresBranches = measuringBranches
        measuresSums = measuringSums
        ways = model.units.indices.map { ShortcutWay(model, unit: $0, in: plan.derivatives) }
        func endings(_ values: [[Graph.ValueID]]) -> [Graph.ValueID: Int] {
            Dictionary(
                values.enumerated().compactMap { index, values in values.max().map { ($0, index) } },
                uniquingKeysWith: { first, _ in first })
        }
        rowEnding = endings(model.rows.map(\.values))
        unitEnding = endings(model.units.map(\.results))
        leavesAt = Dictionary(
            grouping: model.units.flatMap(\.streams).flatMap(\.merge.leaves), by: \.sum)
    }

    /// Returns whether to go on: not beyond a row that is not finite.
    @specialized(where Scalar == Float)
    mutating func observe(
        _ id: Graph.ValueID, in evaluation: inout GraphEvaluation<Scalar>, progress: () -> Void
    ) throws -> Bool {
        for leaf in leavesAt[id] ?? [] { leaves[leaf] = try evaluation[leaf.value]?.scaled }
        if let unit = unitEnding[id] { try measure(unit: unit, in: evaluation) }
        guard let l = rowEnding[id] else { return true }
        let isFinite = try record(row: l, in: &evaluation)
        if l > 0 { progress() }
        leaves = [:]
        return isFinite
    }

    @specialized(where Scalar == Float)
    private mutating func measure(unit l: Int, in evaluation: GraphEvaluation<Scalar>) throws {
        guard l < rows.count else { return }
        let sums = try model.units[l].results.compactMap { try evaluation[$0]?.tensor }
        if model.truncatesNegatives(l) {
            let negative = sums.reduce(0) { $0 + Scalar.kernels.negativeCount($1) }
            rows[l].negativeShare = Double(negative) / Double(sums.reduce(0) { $0 + $1.shape.count })
        }
        if measuresBranches { rows[l].branchVariance = branchVariance(of: l) }
        if measuresSums { rows[l].sumRMS = Self.rootMeanSquare(sums) }
        if firstUnderflowUnit == nil, leaves.values.contains(where: Self.isTooSmall),
            sums.contains(where: { $0.elements.contains(0) })
        {
            firstUnderflowUnit = l
        }
    }

    /// `nil` where a value is not finite.
    private static func rootMeanSquare(_ tensors: [Tensor<Scalar>]) -> Double? {
        let norm = LogNorm(of: tensors.map { ScaledTensor($0).log10Norm })
        guard norm != .notFinite else { return nil }
        let elements = Double(tensors.reduce(0) { $0 + $1.shape.count })
        return norm.value.map { pow(10, $0 - 0.5 * log10(elements)) } ?? 0
    }

    /// Whether a value that is not 0 is less than the smallest normal number, in root mean square.
    private static func isTooSmall(_ value: ScaledTensor<Scalar>) -> Bool {
        // A plain tensor is what it is.
        guard value.exponent < Int(Scalar.leastNormalMagnitude.exponent) / 2,
            let norm = value.log10Norm.value
        else { return false }
        return norm - 0.5 * log10(Double(value.tensor.shape.count))
            < log10(Double(Scalar.leastNormalMagnitude))
    }

    /// Mean over channels of the channel variance; of a branch of several operands, of their sum.
    private func branchVariance(of l: Int) -> Double? {
        let operands = model.units[l].branchEdges.compactMap { leaves[$0] }
        guard let first = operands.first else { return nil }
        let branch = operands.dropFirst().reduce(first) { $0.adding($1).tensor }
        let factor = branch.coefficient(relativeTo: 0)
        let variance = Scalar.kernels.channelStatistics(branch.tensor).variance
        return factor * factor * variance.reduce(0, +) / Double(variance.count)
    }

    /// Measures x_l; false if it is not finite.
    @specialized(where Scalar == Float)
    private mutating func record(row l: Int, in evaluation: inout GraphEvaluation<Scalar>) throws -> Bool {
        let values = model.rows[l].values
        var (tensors, statistics) = ([Tensor<Scalar>](), [ChannelStatistics]())
        for value in values {
            guard let found = try evaluation.measureChannels(of: value), let x = try evaluation[value]?.tensor
            else { return false }
            tensors.append(x)
            statistics.append(found)
        }
        guard let moments = ForwardMoments(of: tensors, statistics) else { return false }
        var error: Double?
        if let only = tensors.first, tensors.count == 1 {
            if l > 0 { error = try identity?.advance(by: ways[l - 1], leaves, in: evaluation, to: only) }
            if identity == nil { identity = ForwardIdentity(start: only) }
        } else {
            identity = nil
        }
        // Statistics are over axis 1, which of sequences is no channel.
        let shape = evaluation.plan.graph.nodes[values[0]].shape
        rows.append(
            Row(
                shape: shape, forwardRMS: moments.rms,
                channelMeanSquare: shape.isSequence ? nil : moments.channelMeanSquare,
                channelVariance: shape.isSequence ? nil : moments.channelVariance,
                forwardIdentityError: error))
        return true
    }
}
