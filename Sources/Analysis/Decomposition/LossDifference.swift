import Foundation
import Graphs
import Kernels
import Operators
import ResidualNetworks
import Tensors

/// Central differences of the loss along a direction at x_l.
public struct LossDifference<Scalar: KernelScalar> {
    private let model: ResidualModel
    private let lossAtInputs: Double
    private let arguments: GraphArguments<Scalar>
    private let labels: [Int]
    /// x_l, by l.
    private let inputs: [Int: Tensor<Scalar>]
    private let graph: Graph

    /// - Parameters:
    ///   - loss: E at the inputs.
    ///   - inputs: x_l of the rows that are asked for, of models whose state is one tensor.
    public init(
        _ model: ResidualModel, loss: Double, inputs: [Int: Tensor<Scalar>],
        _ arguments: GraphArguments<Scalar>, labels: [Int]
    ) {
        self.model = model
        lossAtInputs = loss
        self.inputs = inputs
        self.arguments = arguments
        self.labels = labels
        graph = model.path.graph.fused(keeping: Set(model.rows.flatMap(\.values)))
    }

    /// The change of the loss that a step is sized for. Smaller steps drown in rounding, larger ones cross
    /// kinks of the rectifiers; the best of the ladder counts.
    private static var lossChanges: [Double] { [1e-5, 1e-6, 1e-4] }
    /// Relative to ‖x_l‖: a larger step says nothing about the derivative, however small the gradient.
    private static var largestStep: Double { 1e-3 }
    /// A change of the loss below this drowns in its rounding.
    private static var smallestChange: Double { 1e-9 }
    /// Rounding x_l alone moves the loss by about ε‖x_l‖‖g_l‖. Above this product it hides the step.
    private static var largestSensitivity: Double { 1e7 }
    /// A difference that agrees this well is no chance.
    private static var agreement: Double { 1e-3 }
    /// At a kink the slopes to either side differ, however small the step, by about as much as their mean misses the
    /// derivative; elsewhere by the curvature over one step, a small part of any mistake that the check can find.
    private static var largestBend: Double { 0.25 }
    /// Where the kinks under an inner product happen to cancel in one direction, they do not in all of these.
    private static var directionsAround: Int { 8 }

    /// How ⟨g_l, v⟩ compares with the loss.
    enum Finding: Equatable {
        /// Its distance from the central difference, relative to the larger.
        case error(Double)
        /// The loss has no derivative here: how far its slopes to either side differ, relative to ⟨g_l, v⟩.
        case kink(Double)
    }

    /// The central difference against ⟨g_l, v⟩; `nil` where rounding alone moves the loss too far to tell.
    ///
    /// Activations may stand exactly at a kink: an x of exactly 0 stays at that of f = ReLU where the branch adds 0 (γ = 0
    /// in its last normalisation), and is at that of the branch's own where no normalisation leads it. The derivative there
    /// is the slope to one side, and the central difference takes the mean of both. A disagreement counts only where the
    /// slopes to either side are alike in every direction around. If it is gone where such elements of x_l are held (0, and
    /// numbers that several have, as a bound of `clip`), nothing is told.
    func finding(
        unit: Int, direction v: Tensor<Scalar>, gradient: ScaledTensor<Scalar>, gradientLog10: Double?
    ) throws -> Finding? {
        guard let x = inputs[unit], let gradientLog10 else { return nil }
        let size = Scalar.kernels.sumOfSquares(x).squareRoot()
        guard size * pow(10, gradientLog10) < Self.largestSensitivity else { return nil }
        let point = Point(unit: unit, x: x, size: size)
        var doubt: Finding?
        var suspect: Double?
        for holds in [false, true] {
            let held = holds ? Self.atoms(of: x) : []
            let along = holds ? v.zip(x) { held.contains($1) ? 0 : $0 } : v
            let slope = gradient.inner(with: along)
            guard slope.ordinary.isFinite, slope.ordinary != 0,
                let found = try difference(at: point, along: along, slope: slope)
            else { continue }
            // What the held elements do alone cannot be told from a mistake at them.
            if found.error <= Self.agreement { return suspect.map { .kink($0) } ?? .error(found.error) }
            let bend = try largestBend(around: point, like: found, holding: held)
            let isBent = bend > Self.largestBend * abs(found.mean - slope.ordinary)
            if !holds, !isBent { suspect = found.error }
            // Of a disagreement and a kink, the disagreement stands.
            if case .error = doubt, isBent { continue }
            doubt = isBent ? .kink(bend / abs(slope.ordinary)) : .error(found.error)
        }
        return doubt
    }

    /// 0, and the numbers that several elements are.
    private static func atoms(of x: Tensor<Scalar>) -> Set<Scalar> {
        var (seen, shared) = (Set<Scalar>(), Set<Scalar>([0]))
        for element in x.elements where !seen.insert(element).inserted { shared.insert(element) }
        return shared
    }

    private struct Point {
        let unit: Int
        let x: Tensor<Scalar>
        /// ‖x‖.
        let size: Double
    }

    /// Slopes of the loss to either side of x_l.
    private struct Difference {
        let step: Double
        let above: Double
        let below: Double
        let error: Double

        var mean: Double { (above + below) / 2 }
        var bend: Double { abs(above - below) }
    }

    /// The best of the ladder; `nil` where every step drowns.
    private func difference(at point: Point, along v: Tensor<Scalar>, slope: ScaledNumber) throws
        -> Difference?
    {
        var best: Difference?
        for change in Self.lossChanges {
            let step = min(change / abs(slope.ordinary), Self.largestStep * point.size)
            guard step * abs(slope.ordinary) >= Self.smallestChange else { continue }
            let (above, below) = try slopes(at: point, along: v, step: step)
            let error = relativeDifference(slope, ScaledNumber((above + below) / 2, exponent: 0)) ?? 0
            if error < best?.error ?? .infinity {
                best = Difference(step: step, above: above, below: below, error: error)
            }
            if error < 1e-6 { break }
        }
        return best
    }

    /// The largest difference between the slopes to either side, in this direction and in random ones of its norm.
    private func largestBend(
        around point: Point, like found: Difference, holding held: Set<Scalar>
    ) throws -> Double {
        try (0..<Self.directionsAround).reduce(found.bend) { largest, index in
            let noise = point.x.randomDirection(seed: 0, name: "kink.\(point.unit).\(index)")
            let along = held.isEmpty ? noise : noise.zip(point.x) { held.contains($1) ? 0 : $0 }
            let (above, below) = try slopes(at: point, along: along, step: found.step)
            return max(largest, abs(above - below))
        }
    }

    private func slopes(
        at point: Point, along v: Tensor<Scalar>, step: Double
    ) throws -> (above: Double, below: Double) {
        let above = try (loss(at: point.x, plus: step, v, point.unit) - lossAtInputs) / step
        let below = try (lossAtInputs - loss(at: point.x, plus: -step, v, point.unit)) / step
        return (above, below)
    }

    private func loss(at x: Tensor<Scalar>, plus step: Double, _ v: Tensor<Scalar>, _ unit: Int) throws
        -> Double
    {
        let row = Set(model.rows[unit].values)
        let plan = EvaluationPlan(graph, derivativesTo: [], given: row)
        let moved = Value(Scalar.kernels.combine(x, 1, v, step))
        do {
            let evaluation = try GraphEvaluation(
                plan, arguments, given: Dictionary(uniqueKeysWithValues: row.map { ($0, moved) }))
            guard let logits = try evaluation[graph.output]?.tensor else { return .nan }
            return try Loss.crossEntropy(Labels(labels)).value(at: logits)
        } catch GraphError.operation(_, OperatorError.value) {
            // A step out of a formula's domain: no loss to compare with.
            return .nan
        }
    }
}
