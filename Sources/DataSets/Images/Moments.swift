/// Count, sum and sum of squares of values, gathered bit by bit.
struct Moments: Equatable, Sendable {
    private(set) var count = 0.0
    private(set) var sum = 0.0
    private(set) var squares = 0.0

    mutating func add(_ other: Moments) {
        count += other.count
        sum += other.sum
        squares += other.squares
    }

    init() {}

    init(count: Int, sum: Double, squares: Double) {
        self.count = Double(count)
        self.sum = sum
        self.squares = squares
    }

    var mean: Double { sum / count }
    /// Of the whole population (divided by the count), 1 if all values are equal so
    /// that dividing by it stays harmless.
    var standardDeviation: Double {
        let variance = squares / count - mean * mean
        return variance > 0 ? variance.squareRoot() : 1
    }
}
