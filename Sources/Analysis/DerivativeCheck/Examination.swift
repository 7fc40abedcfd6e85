import NumericalMethods

/// The derivatives that an operator gives at one point, compared with differences of its value there.
struct Examination {
    /// What an operator claims in one mode.
    struct Claims {
        let mode: DerivativeFinding.Mode
        /// Each beside the slope in its place: of every element, or one of all.
        let numbers: [Double]
        let slopes: [LineSlope]
        let judgements: [Judgement]

        /// Whether kinks hide all that there is to judge.
        var isHidden: Bool {
            !judgements.contains { $0 == .agrees || $0 == .wrong }
                && judgements.contains { $0 == .kink || $0 == .besideKink }
        }
    }

    enum Judgement {
        case agrees, wrong
        /// The slopes to both sides differ, and the claim is between them.
        case kink
        /// They differ, and the claim is neither.
        case besideKink
        /// Differences tell too little.
        case unresolved
        /// The value is no finite number, or the claim, where no slope is known.
        case notFinite
    }

    /// Which differences are taken.
    struct Steps {
        let ladder: LineSlope.Ladder
        /// Whether t is as large as each element of x, so that functions of |x| are told however small it is; otherwise as
        /// all elements together.
        let areRelative: Bool
    }

    let function: SlotFunction
    /// t: of every element of x.
    let direction: [Double]
    let isDiagonal: Bool
    let claims: [Claims]

    /// - Parameter stream: of the directions.
    /// - Throws: what the operator throws beside the point, and from its derivatives.
    init(_ function: SlotFunction, seed: UInt64, stream: String, by steps: Steps) throws {
        self.function = function
        var random = RandomStream(seed: seed, name: "derivative-check.\(stream)")
        let signs = function.x.map { _ in random.signed(from: 0.5) }
        let (direction, slopes) = try Self.slopes(of: function, signs, by: steps)
        self.direction = direction
        isDiagonal = try function.isDiagonal(moving: direction)
        let all = function.y.indices.map { _ in random.signed(from: 0.5) }
        let judge = ClaimJudge(function, direction, slopes, isDiagonal: isDiagonal)
        claims = try judge.claims(cotangent: all, distrusts: steps.ladder == .fine)
    }

    /// Slopes along a direction of random signs and lengths, about as large as x is, by one step for all elements; where a
    /// step leaves the domain, in proportion to each element, so that none changes its sign.
    private static func slopes(
        of function: SlotFunction, _ signs: [Double], by steps: Steps
    ) throws -> (direction: [Double], slopes: [LineSlope]) {
        let x = function.x
        func measure(_ direction: [Double]) throws -> (direction: [Double], slopes: [LineSlope]) {
            let slopes = try LineSlope.all(
                of: { step in try function.value(at: x.indices.map { x[$0] + step * direction[$0] }) },
                at: function.y, by: steps.ladder)
            return (direction, slopes)
        }
        let relative = x.indices.map { signs[$0] * abs(x[$0]) }
        guard !steps.areRelative else { return try measure(relative) }
        let size = rootMeanSquare(x)
        do { return try measure(signs.map { $0 * size }) } catch { return try measure(relative) }
    }
}

/// √(Σx²/n), or 1 where that is 0; of numbers of any size.
func rootMeanSquare(_ numbers: [Double]) -> Double {
    let largest = numbers.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return 1 }
    let sum = numbers.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }
    return largest * (sum / Double(numbers.count)).squareRoot()
}

extension RandomStream {
    /// From ±`least` to ±1: no element is left out by chance.
    mutating func signed(from least: Double) -> Double {
        let number = uniform(in: -1..<1)
        let length = least + (1 - least) * abs(number)
        return number < 0 ? -length : length
    }
}
