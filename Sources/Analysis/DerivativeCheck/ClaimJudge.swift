/// Judges claims by slopes along a direction.
struct ClaimJudge {
    private let function: SlotFunction
    private let direction: [Double]
    private let slopes: [LineSlope]
    private let isDiagonal: Bool
    /// Slope of all.
    private let largest: Double
    private let isResolved: [Bool]

    init(_ function: SlotFunction, _ direction: [Double], _ slopes: [LineSlope], isDiagonal: Bool) {
        self.function = function
        self.direction = direction
        self.slopes = slopes
        self.isDiagonal = isDiagonal
        let largest = slopes.reduce(0) { $1.size.isFinite ? max($0, $1.size) : $0 }
        self.largest = largest
        isResolved = slopes.enumerated().map { index, slope in
            // An element that did not move shows nothing.
            slope.isResolved(besides: largest) && !(isDiagonal && direction[index] == 0)
        }
    }

    /// In both modes. A `pullBack` of its own is a third.
    func claims(cotangent: [Double]) throws -> [Examination.Claims] {
        let pushed = elementwise(.jvp, try function.jvp(direction))
        let u = isDiagonal ? cotangent : aligned(cotangent)
        let (alone, together) = (try function.vjp(u), try function.pulledBack(u))
        let reverse = [(DerivativeFinding.Mode.vjp, alone), (.pullBack, together)]
        let isOwn = zip(alone, together).contains { !$0.isSame(as: $1) }
        return [pushed]
            + reverse.prefix(isOwn ? 2 : 1).map { mode, w in
                isDiagonal
                    // J is its own transpose: w_i/u_i is φ′(x_i).
                    ? elementwise(mode, w.indices.map { w[$0] / u[$0] * direction[$0] })
                    : inner(mode, w, u)
            }
    }

    /// J t element by element.
    private func elementwise(_ mode: DerivativeFinding.Mode, _ claimed: [Double]) -> Examination.Claims {
        Examination.Claims(
            mode: mode, numbers: claimed, slopes: slopes,
            judgements: claimed.indices.map { index in
                guard function.y[index].isFinite else { return .notFinite }
                return judge(
                    claimed[index], slopes[index], relative: DerivativeTolerance.relative,
                    isResolved: isResolved[index])
            })
    }

    /// u with the signs of J t, so that ⟨u, J t⟩ does not cancel, and 0 where J t is not known.
    private func aligned(_ cotangent: [Double]) -> [Double] {
        cotangent.indices.map { index in
            guard isResolved[index] else { return 0 }
            return slopes[index].mean < 0 ? -abs(cotangent[index]) : abs(cotangent[index])
        }
    }

    /// ⟨Jᵀu, t⟩ against ⟨u, J t⟩, J t from differences.
    private func inner(
        _ mode: DerivativeFinding.Mode, _ w: [Double], _ u: [Double]
    ) -> Examination.Claims {
        var (claimed, measured, error) = (0.0, 0.0, 0.0)
        for index in w.indices {
            claimed += w[index] * direction[index]
            // Rounding of the sum itself, and of the sums that made its terms.
            error += 64 * Double.ulpOfOne * abs(w[index] * direction[index])
        }
        for index in u.indices where isResolved[index] {
            measured += u[index] * slopes[index].mean
            error += abs(u[index]) * slopes[index].error
        }
        let slope = LineSlope(measured, error: error.isFinite ? error : 0)
        let isKnown = isResolved.contains(true)
        return Examination.Claims(
            mode: mode, numbers: [claimed], slopes: [slope],
            judgements: [
                judge(claimed, slope, relative: DerivativeTolerance.relativeOfSum, isResolved: isKnown)
            ])
    }

    private func judge(
        _ claimed: Double, _ slope: LineSlope, relative: Double, isResolved: Bool
    ) -> Examination.Judgement {
        guard claimed.isFinite else { return isResolved ? .wrong : .notFinite }
        let (lower, upper) = slope.bounds
        guard lower.isFinite, upper.isFinite else { return .unresolved }
        let distance = max(lower - claimed, claimed - upper)
        // Beside the largest slope the least are lost in rounding.
        let tolerance = relative * max(abs(claimed), slope.size) + 1e-12 * largest
        if distance > tolerance { return slope.isBent ? .besideKink : .wrong }
        if slope.isBent { return .kink }
        return isResolved ? .agrees : .unresolved
    }
}
