/// A quantity that is both measured and predicted, in decades.
struct ComparedQuantity {
    /// The name of its column.
    let name: String
    /// Whether its way begins at x_L.
    let travelsDown: Bool
    let measured: (UnitMeasurement) -> Double?
    let predicted: (PredictedMeasurement) -> Double?
    let deviation: (PredictedMeasurement) -> Double

    /// Decades that theory leaves open besides the scatter of seeds. Where it holds, predictions were within 0.15 of
    /// the medians of five seeds for gradients, and within 0.1 for the signal.
    let leastAllowance: Double
    /// And for each unit of the way.
    private static let allowancePerUnit = 0.002

    /// One row's distance from the prediction.
    private struct Distance {
        let unit: Int
        let departure: Double
        let modelAllowance: Double
        let standardError: Double

        var allowance: Double {
            modelAllowance + QuantityVerdict.allowedStandardErrors * standardError
        }
        var isAgreement: Bool { abs(departure) <= allowance }
        var share: Double { abs(departure) / allowance }
    }

    func verdict(on units: [UnitMeasurement]) -> QuantityVerdict {
        let way = distances(on: travelsDown ? units.reversed() : units)
        let rows = units.count { measured($0) != nil || $0.predicted.flatMap(predicted) != nil }
        if let first = way.first(where: { !$0.isAgreement }) {
            return verdict(.departs, first, compared: way.count, of: rows)
        }
        guard let worst = way.max(by: { $0.share < $1.share }) else {
            return unknown("nowhere is there both a measurement and a prediction")
        }
        return verdict(way.count < rows ? .agreesInPart : .agrees, worst, compared: way.count, of: rows)
    }

    func unknown(_ reason: String) -> QuantityVerdict {
        QuantityVerdict(quantity: name, outcome: .cannotSay, reason: reason)
    }

    /// From where the quantity sets out.
    private func distances(on way: [UnitMeasurement]) -> [Distance] {
        way.enumerated().compactMap { travelled, unit in
            guard let prediction = unit.predicted, let measured = measured(unit),
                let expected = predicted(prediction)
            else { return nil }
            return Distance(
                unit: unit.unit, departure: measured - expected,
                modelAllowance: leastAllowance + Self.allowancePerUnit * Double(travelled),
                standardError: deviation(prediction))
        }
    }

    private func verdict(
        _ outcome: QuantityVerdict.Outcome, _ distance: Distance, compared: Int, of rows: Int
    ) -> QuantityVerdict {
        QuantityVerdict(
            quantity: name, outcome: outcome, unit: distance.unit, departure: distance.departure,
            modelAllowance: distance.modelAllowance, standardError: distance.standardError,
            comparedRows: compared, rows: rows)
    }
}
