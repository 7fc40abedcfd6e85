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
    ///
    /// - Parameter distrusts: whether a claim that changes within the finest step is no mistake. What is wrong of a function
    ///   that steps can follow is as wrong there; but sin x at 10¹⁵ has another slope at every number.
    func claims(cotangent: [Double], distrusts: Bool) throws -> [Examination.Claims] {
        let u = isDiagonal ? cotangent : aligned(cotangent)
        func numbers(_ mode: DerivativeFinding.Mode, _ function: SlotFunction) throws -> [Double] {
            if mode == .jvp { return try function.jvp(direction) }
            let w = try mode == .vjp ? function.vjp(u) : function.pulledBack(u)
            // A diagonal J is its own transpose: w_i/u_i is φ′(x_i).
            guard !isDiagonal else { return w.indices.map { w[$0] / u[$0] * direction[$0] } }
            return [zip(w, direction).reduce(0) { $0 + $1.0 * $1.1 }]
        }
        let shifted = try distrusts ? shifts.map { try function.moved(to: $0) } : []
        func claims(_ mode: DerivativeFinding.Mode, _ claimed: [Double]) throws -> Examination.Claims {
            let others = try shifted.map { try numbers(mode, $0) }
            let isOfElements = mode == .jvp || isDiagonal
            let slopes = isOfElements ? slopes : [inner(u)]
            let judgements = claimed.indices.map { index -> Examination.Judgement in
                let found = judge(claimed[index], slopes[index], isOfElements ? index : nil)
                let distance = abs(claimed[index] - slopes[index].mean)
                let changes = others.contains { abs($0[index] - claimed[index]) > distance / 2 }
                return found == .wrong && changes ? .unresolved : found
            }
            return Examination.Claims(mode: mode, numbers: claimed, slopes: slopes, judgements: judgements)
        }
        let (pushed, alone) = (try numbers(.jvp, function), try numbers(.vjp, function))
        let together = try numbers(.pullBack, function)
        let isOwn = zip(alone, together).contains { !$0.isSame(as: $1) }
        return try [claims(.jvp, pushed), claims(.vjp, alone)] + (isOwn ? [claims(.pullBack, together)] : [])
    }

    /// Points around x, from beneath the finest step to where the fine ladder sees enough.
    private var shifts: [[Double]] {
        [1, -1, 2, -2, 3, -3, 8, -8, 64, -64, 512, -512].map { multiple in
            function.x.indices.map { function.x[$0] + multiple * 0x1p-38 * direction[$0] }
        }
    }

    /// u with the signs of J t, so that ⟨u, J t⟩ does not cancel, and 0 where J t is not known.
    private func aligned(_ cotangent: [Double]) -> [Double] {
        cotangent.indices.map { index in
            guard isResolved[index] else { return 0 }
            return slopes[index].mean < 0 ? -abs(cotangent[index]) : abs(cotangent[index])
        }
    }

    /// ⟨u, J t⟩, J t from differences.
    private func inner(_ u: [Double]) -> LineSlope {
        var (measured, error) = (0.0, 0.0)
        for index in u.indices where isResolved[index] {
            measured += u[index] * slopes[index].mean
            // Rounding of the claim's sums is of their terms' size.
            error += abs(u[index]) * (slopes[index].error + 64 * Double.ulpOfOne * slopes[index].size)
        }
        return LineSlope(measured, error: error)
    }

    /// - Parameter element: `nil` of a sum over all.
    private func judge(_ claimed: Double, _ slope: LineSlope, _ element: Int?) -> Examination.Judgement {
        if let element, !function.y[element].isFinite { return .notFinite }
        let isResolved = element.map { self.isResolved[$0] } ?? self.isResolved.contains(true)
        guard claimed.isFinite else { return isResolved ? .wrong : .notFinite }
        let (lower, upper) = slope.bounds
        guard lower.isFinite, upper.isFinite else { return .unresolved }
        let distance = max(lower - claimed, claimed - upper)
        let relative = element == nil ? DerivativeTolerance.relativeOfSum : DerivativeTolerance.relative
        // Beside the largest slope the least are lost in rounding.
        let tolerance = relative * max(abs(claimed), slope.size) + 1e-12 * largest
        if distance > tolerance { return slope.isBent ? .besideKink : .wrong }
        if slope.isBent { return .kink }
        return isResolved ? .agrees : .unresolved
    }
}
