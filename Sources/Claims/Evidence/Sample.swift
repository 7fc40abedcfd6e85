/// Mean of independent numbers, with its standard error.
struct Sample {
    let mean: Double
    /// s/√n, s² = Σ(x − mean)²/(n − 1).
    let standardError: Double

    init(_ values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        self.mean = mean
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        standardError = (squares / (count - 1) / count).squareRoot()
    }
}
