/// The slope of y(s) at s = 0 to either side, by one-sided differences that are extrapolated to step 0.
///
/// At a kink both sides have slopes of their own; elsewhere both estimate y′(0), and their mean is the central difference.
///
/// One-sided differences D(s) = (y(s) − y(0))/s are off by y″s/2 + y‴s²/6 + …, by truncation, and by about ε|y|/s, by
/// rounding. Of two neighbouring steps s and s/r, P = (r·D(s/r) − D(s))/(r − 1) is free of the first term (Richardson).
/// What is left cannot be predicted for a function that nobody knows: it may be rough, cancel inside, or be computed in
/// single precision. So P is taken at a ladder of steps, and where three neighbours agree best they are believed, as far
/// as they agree.
struct LineSlope {
    struct Side {
        let slope: Double
        /// A bound, not an estimate; ∞ where no step tells anything.
        let error: Double
    }

    let left: Side
    let right: Side

    enum Ladder {
        /// 2⁻⁴, 2⁻⁷, … 2⁻²². Smooth functions whose scale is that of s are best known from 2⁻¹³ to 2⁻¹⁹, to about 10⁻⁹;
        /// the others are for functions that change faster, and for noisy ones.
        case usual
        /// To 2⁻⁴⁰. What has a feature below the usual steps, as x·log(|x| + 10⁻³) has beside an x of 10⁶, seems to have
        /// another slope there than it has.
        case fine

        var steps: [Double] { (0..<(self == .usual ? 7 : 13)).map { 1 / Double(1 << (4 + 3 * $0)) } }
    }

    fileprivate static var ratio: Double { 8 }
    /// Three neighbours may agree by chance, where all are noise.
    fileprivate static var safety: Double { 8 }

    init(left: Side, right: Side) {
        self.left = left
        self.right = right
    }

    /// A slope without a kink.
    init(_ slope: Double, error: Double) {
        (left, right) = (Side(slope: slope, error: error), Side(slope: slope, error: error))
    }

    /// Of every output of a function.
    ///
    /// - Parameter origin: y(0).
    static func all(
        of y: (Double) throws -> [Double], at origin: [Double], by ladder: Ladder
    ) rethrows -> [LineSlope] {
        let steps = ladder.steps
        let above = try steps.map { try y($0) }
        let below = try steps.map { try y(-$0) }
        return origin.indices.map { output in
            LineSlope(
                left: Side(below.map { $0[output] }, origin[output], steps: steps.map { -$0 }),
                right: Side(above.map { $0[output] }, origin[output], steps: steps))
        }
    }

    /// The central difference.
    var mean: Double { left.slope / 2 + right.slope / 2 }
    /// The larger of both sides.
    var size: Double { max(abs(left.slope), abs(right.slope)) }
    /// How far the sides differ.
    var gap: Double { abs(left.slope - right.slope) }
    /// Whether they differ by more than their errors, and by more than is asked of derivatives.
    var isBent: Bool { gap > left.error + right.error + DerivativeTolerance.relative / 2 * size }
    /// From where to where the slope may be.
    var bounds: (lower: Double, upper: Double) {
        (
            min(left.slope - left.error, right.slope - right.error),
            max(left.slope + left.error, right.slope + right.error)
        )
    }
    /// Of `mean`, whichever side is right.
    var error: Double { (bounds.upper - bounds.lower) / 2 }

    /// Whether it is known well enough to tell a derivative's mistake; it may be 0 then.
    ///
    /// - Parameter largest: slope of all outputs: what is far less is lost in their rounding.
    func isResolved(besides largest: Double) -> Bool {
        !isBent && error <= DerivativeTolerance.relative * size + 1e-9 * largest
    }
}

extension LineSlope.Side {
    /// - Parameters:
    ///   - values: of y at the steps.
    ///   - steps: s, s/r, s/r², …; all above 0 or all below.
    fileprivate init(_ values: [Double], _ origin: Double, steps: [Double]) {
        let differences = values.indices.map { (values[$0] - origin) / steps[$0] }
        let extrapolated = differences.indices.dropLast().map {
            differences[$0 + 1] + (differences[$0 + 1] - differences[$0]) / (LineSlope.ratio - 1)
        }
        // What y is rounded to: an ulp of the largest; or, where small steps leave it as it is and larger ones do not, what it
        // changes by at once, as large numbers cancel in it.
        let largest = values.reduce(abs(origin)) { max($0, abs($1)) }
        var quantum = 4 * Double.ulpOfOne * largest
        if values.last == origin, let changed = values.last(where: { $0 != origin }) {
            quantum += abs(changed - origin)
        }
        /// How far three neighbours differ; ∞ where one is not finite.
        func spread(_ index: Int) -> Double {
            let (coarser, here, finer) = (
                extrapolated[index - 1], extrapolated[index], extrapolated[index + 1]
            )
            guard coarser.isFinite, here.isFinite, finer.isFinite else { return .infinity }
            return max(abs(coarser - here), abs(here - finer)) + quantum / abs(steps[index + 1])
        }
        let spreads = extrapolated.indices.dropFirst().dropLast().map { (index: $0, spread: spread($0)) }
        guard let best = spreads.min(by: { $0.spread < $1.spread }), best.spread.isFinite else {
            (slope, error) = (.nan, .infinity)
            return
        }
        let chosen = extrapolated[best.index]
        // Finer steps that agree with each other better than with these have the last word, as a function may have a feature
        // of their size: the bound reaches to what they say. Where all is noise they differ most among themselves.
        let finer = spreads.filter { $0.index > best.index }.map {
            let distance = abs(extrapolated[$0.index] - chosen)
            return distance > $0.spread ? distance + LineSlope.safety * $0.spread : 0
        }
        slope = chosen
        error = LineSlope.safety * best.spread + (finer.max() ?? 0)
    }
}

/// How far a derivative may be from the slope that was measured, beyond what that is known to.
enum DerivativeTolerance {
    /// Of an element. Five times less than the least mistake that has to be found, 10⁻⁴, and a thousand times what
    /// differences of a smooth function miss.
    static var relative: Double { 2e-5 }
    /// Of a sum over all elements, in which the mistake of a few is diluted.
    static var relativeOfSum: Double { 1e-7 }
}
