/// One measured error beside the bound that it is held against.
struct HeldError {
    let unit: Int
    let error: Double
    let bound: Double
    /// Whether a bound so wide can still tell a mistake from rounding.
    let isTelling: Bool

    init(unit: Int, error: Double, bound: Double, isTelling: Bool = true) {
        self.unit = unit
        // NaN has no order: as an error it is infinite.
        self.error = error.isNaN ? .infinity : error
        self.bound = bound
        self.isTelling = isTelling
    }

    var share: Double { error / bound }
    var isWithinBound: Bool { error <= bound }
}
