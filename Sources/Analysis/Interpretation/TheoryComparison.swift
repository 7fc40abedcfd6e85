import Foundation
import Kernels
import Prediction
import ResidualNetworks

/// Puts the prediction for a network's design beside its measurement, and judges quantity by quantity.
///
/// No threshold of a size comes in: a pre-activation ResNet-1001 multiplies its gradient by several hundred thousand,
/// as it should. What counts is the distance from what this very configuration is expected to do.
struct TheoryComparison {
    private let trace: Result<PredictedTrace, Obstacle>

    private struct Obstacle: Error { let reason: String }

    /// - Parameter x0: what was measured of the stem's output: the prediction starts from it.
    init<Scalar: KernelScalar>(_ analysis: SignalAnalysis<Scalar>, x0: UnitMeasurement?) {
        guard let network = analysis.subject as? NetworkSubject<Scalar>, let design = network.design else {
            trace = .failure(Obstacle(reason: "the network has no design that theory could read"))
            return
        }
        let batch = network.batch.input
        if analysis.options.mode == .inference, design.dropsAtRandom {
            trace = .failure(Obstacle(reason: "theory here is of dropout in training"))
            return
        }
        var input = InputStatistics(
            pixels: batch.elements.map { Float($0) }, samples: batch.shape.batch,
            channels: batch.shape.channels, height: batch.shape.height, width: batch.shape.width, of: design)
        if let rms = x0?.forwardRMS, let channelMeanSquare = x0?.channelMeanSquare {
            (input.meanSquare, input.channelMeanSquare) = (rms * rms, channelMeanSquare)
        }
        do {
            trace = .success(try MeanFieldPredictor(design, input: input, batch: batch.shape.batch).predict())
        } catch {
            trace = .failure(Obstacle(reason: "\(error)"))
        }
    }

    /// The prediction for every row, with norms relative to the measured ‖g_L‖.
    func rows(besides units: [UnitMeasurement]) -> [PredictedMeasurement?] {
        guard case .success(let trace) = trace, trace.units.count == units.count else {
            return units.map { _ in nil }
        }
        let top = units.last?.gradientLog10
        return trace.units.map { unit in
            var row = PredictedMeasurement(
                forwardDeviation: unit.forwardDeviation, gradientDeviation: unit.gradientDeviation,
                directDeviation: unit.directDeviation)
            row.forwardRMS = unit.forwardRMS.flatMap { $0.isFinite ? $0 : nil }
            row.gradientLog10 = sum(unit.gradientLog10, top)
            row.directLog10 = sum(unit.directLog10, top)
            row.throughWeightsLog10 = sum(unit.throughWeightsLog10, top)
            return row
        }
    }

    /// One verdict a quantity, for rows that carry their prediction.
    func verdicts(on units: [UnitMeasurement]) -> [QuantityVerdict] {
        Self.quantities.map { quantity in
            switch trace {
            case .failure(let obstacle): quantity.unknown(obstacle.reason)
            case .success(let trace) where trace.units.count != units.count:
                quantity.unknown("the network has not the units of its design")
            case .success(let trace): Self.reserved(quantity.verdict(on: units), trace.reservation)
            }
        }
    }

    /// A departure where the theory itself is known to be off decides nothing.
    private static func reserved(_ verdict: QuantityVerdict, _ reservation: String?) -> QuantityVerdict {
        guard let reservation, verdict.outcome == .departs else { return verdict }
        return QuantityVerdict(quantity: verdict.quantity, outcome: .cannotSay, reason: reservation)
    }

    private func sum(_ a: Double?, _ b: Double?) -> Double? { a.flatMap { a in b.map { a + $0 } } }

    fileprivate static var quantities: [ComparedQuantity] {
        [
            ComparedQuantity(
                name: "forward_rms", travelsDown: false, measured: { $0.forwardRMS.map(log10) },
                predicted: { $0.forwardRMS.map(log10) }, deviation: \.forwardDeviation, leastAllowance: 0.1),
            ComparedQuantity(
                name: "gradient_log10", travelsDown: true, measured: \.gradientLog10,
                predicted: \.gradientLog10,
                deviation: \.gradientDeviation, leastAllowance: 0.15),
            ComparedQuantity(
                name: "direct_log10", travelsDown: true, measured: \.directLog10, predicted: \.directLog10,
                deviation: \.directDeviation, leastAllowance: 0.15),
            ComparedQuantity(
                name: "through_weights_log10", travelsDown: true, measured: \.throughWeightsLog10,
                predicted: \.throughWeightsLog10, deviation: \.gradientDeviation, leastAllowance: 0.15),
        ]
    }
}

extension QuantityVerdict {
    /// One verdict a quantity of a network that theory is not of.
    ///
    /// - Parameter reason: why it cannot be said, as part of a sentence.
    public static func cannotSay(_ reason: String) -> [QuantityVerdict] {
        TheoryComparison.quantities.map { $0.unknown(reason) }
    }
}

extension NetworkDesign {
    /// Whether a unit drops elements of its shortcut, or its branch, at random while training.
    fileprivate var dropsAtRandom: Bool {
        branchModulation.dropPath != nil
            || positions.contains { (try? shortcut.resolved(at: $0))?.keptShare != nil }
    }
}
