import Expressions
import ResidualNetworks

/// A design's function whose Gaussian expectations are known. To make an activation of one's own predictable, conform to it.
public protocol PredictableActivation: ActivationDesign {
    /// - Throws: `PredictionError.noExpectation`, `NetworkError` where it has none, or no value, at the unit.
    func expectations(at position: UnitPosition) throws -> any Activation
}

extension ReluActivation: PredictableActivation {
    public func expectations(at position: UnitPosition) -> any Activation { RectifierActivation() }
}

extension FormulaActivation: PredictableActivation {
    public func expectations(at position: UnitPosition) throws -> any Activation {
        try FormulaActivations.activation(formula.initial(at: position))
    }
}

/// Functions that formulas of x are, each made once: their kinks and expectations at N(0, 1) take about a millisecond.
final class FormulaActivations {
    private var known: [Expression: any Activation] = [:]
    /// One that changes from unit to unit for ever is not kept.
    private static let capacity = 4096

    /// Of a design at a unit.
    ///
    /// - Throws: `PredictionError.unknownActivation`, `.noExpectation`, `.noValue`.
    func activation(
        _ design: any ActivationDesign, at position: UnitPosition
    ) throws(PredictionError) -> any Activation {
        do {
            if let design = design as? FormulaActivation {
                return try cached(design.formula.initial(at: position))
            }
            guard let design = design as? any PredictableActivation else {
                throw PredictionError.unknownActivation(name: design.name)
            }
            return try design.expectations(at: position)
        } catch let error as PredictionError {
            throw error
        } catch {
            throw .noValue(reason: "\(error)")
        }
    }

    /// - Throws: `PredictionError.noExpectation`.
    func cached(_ formula: Expression) throws(PredictionError) -> any Activation {
        if let found = known[formula] { return found }
        let made = try Self.activation(formula)
        if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
        known[formula] = made
        return made
    }

    /// Of a formula of x alone.
    ///
    /// - Throws: `PredictionError.noExpectation` where it has no value at some x, or no expectation at N(0, 1).
    static func activation(_ formula: Expression) throws(PredictionError) -> any Activation {
        if formula == .unary(.relu, .symbol(.x)) { return RectifierActivation() }
        try requireValues(of: formula)
        let (function, slope) = (formula.closure, formula.derivative())
        // Between kinks a formula is analytic: one that is linear at several places of a side is so everywhere on it.
        if formula.kinks.allSatisfy({ $0 == 0 }), let (positive, negative) = slopes(of: function) {
            return positive == 1 && negative == 0
                ? RectifierActivation() : PiecewiseLinearActivation(positive: positive, negative: negative)
        }
        return try IntegratedActivation(
            name: formula.description, kinks: formula.kinks, function: function, derivative: slope.closure)
    }

    /// A Gaussian reaches every x, so that a function without a value at one has no expectation.
    private static func requireValues(of formula: Expression) throws(PredictionError) {
        guard formula.hasDomain else { return }
        let function = formula.closure
        let range = Expression.searchedRange
        let nodes = stride(from: range.lowerBound, through: range.upperBound, by: 1.0 / 64)
        for x in formula.domainEdges + nodes.filter({ !function($0).isFinite }) {
            guard let (part, reason) = formula.obstacle([.x: x]), let reason else { continue }
            let place = abs(x) < 1e-9 ? 0 : x
            throw .noExpectation(
                function: formula.description, law: "any Gaussian",
                reason:
                    "at x = \(PredictionError.word(place)) its part \(part) has no value (\(reason)), and a "
                    + "Gaussian reaches every x")
        }
    }

    /// p and n where it is p·max(0, x) + n·min(0, x), as far as values at nine places a side tell.
    private static func slopes(of function: (Double) -> Double) -> (positive: Double, negative: Double)? {
        let (positive, negative) = (function(1), -function(-1))
        for place in [1e-3, 0.0317, 0.271828, 0.7071, 1.4142, 3.14159, 9.87, 41.3, 1234.5] {
            guard abs(function(place) - positive * place) <= 1e-14 * abs(positive) * place,
                abs(function(-place) + negative * place) <= 1e-14 * abs(negative) * place
            else { return nil }
        }
        return positive.isFinite && negative.isFinite ? (positive, negative) : nil
    }
}
