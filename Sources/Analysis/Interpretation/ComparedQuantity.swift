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
    /// Beyond this many standard errors, chance is no explanation: one in 370 for a normal law.
    private static let standardErrors = 3.0

    /// One row's distance from the prediction.
    private struct Distance {
        let unit: Int
        let departure: Double
        let deviation: Double
        let allowance: Double

        var isAgreement: Bool { abs(departure) <= allowance }
        var share: Double { abs(departure) / allowance }
    }

    func verdict(on units: [UnitMeasurement]) -> QuantityVerdict {
        let way = distances(on: travelsDown ? units.reversed() : units)
        if let first = way.first(where: { !$0.isAgreement }) { return verdict(.departs, first) }
        guard let worst = way.max(by: { $0.share < $1.share }) else {
            return unknown("nowhere is there both a measurement and a prediction")
        }
        return verdict(.agrees, worst)
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
            let deviation = deviation(prediction)
            let open = leastAllowance + Self.allowancePerUnit * Double(travelled)
            return Distance(
                unit: unit.unit, departure: measured - expected, deviation: deviation,
                allowance: open + Self.standardErrors * deviation)
        }
    }

    private func verdict(_ outcome: QuantityVerdict.Outcome, _ distance: Distance) -> QuantityVerdict {
        QuantityVerdict(
            quantity: name, outcome: outcome, unit: distance.unit, departure: distance.departure,
            standardErrors: distance.deviation > 0 ? abs(distance.departure) / distance.deviation : nil,
            allowance: distance.allowance)
    }
}
