import NumericalMethods

/// Where a formula of x is not smooth.
extension Expression {
    /// The range in which places are searched for that no closed form gives.
    public static let searchedRange: ClosedRange<Double> = -40...40

    /// The places in x where the formula or a derivative of it may jump, in order: where the arguments of `relu`, `abs`,
    /// `sign`, `step`, `leaky_relu`, and the differences within `min`, `max`, `clip` and comparisons, change sign.
    ///
    /// For a formula of x alone. Exact where the argument is affine in x. Others are searched within `searchedRange` by
    /// changes of sign over steps of 1/64, each then enclosed by Brent's method: two changes within one step may be
    /// missed, and all beyond the range. Places where an argument touches 0 without a change of sign are left out: there
    /// only the value at one point jumps.
    public var kinks: [Double] {
        var places: Set<Double> = []
        for argument in Set(switches) { places.formUnion(argument.signChanges) }
        return places.sorted()
    }

    /// The places in x, within `searchedRange` and up to the same reservations, where a divisor, the base of a power or
    /// the argument of a logarithm or root is 0, with or without a change of sign.
    public var domainEdges: [Double] {
        var places: Set<Double> = []
        for argument in Set(domainArguments) {
            places.formUnion(argument.signChanges)
            // Where it touches 0 its slope changes sign.
            let value = argument.closure
            let scale = max(1, abs(value(Self.searchedRange.upperBound)))
            places.formUnion(
                argument.derivative().signChanges.filter { abs(value($0)) <= 1e-12 * scale })
        }
        return places.sorted()
    }

    /// What a jump of value or slope depends on the sign of.
    private var switches: [Expression] {
        let own: [Expression] =
            switch self {
            case .unary(.relu, let u), .unary(.abs, let u), .unary(.sign, let u), .unary(.step, let u): [u]
            case .binary(.leakyRelu, let u, _): [u]
            case .binary(.min, let a, let b), .binary(.max, let a, let b), .compared(let a, _, let b): [a - b]
            case .clipped(let u, let lowest, let highest): [u - lowest, u - highest]
            default: []
            }
        return own.filter { $0.contains(.x) } + parts.flatMap(\.switches)
    }

    private var domainArguments: [Expression] {
        let own: [Expression] =
            switch self {
            case .unary(.log, let u), .unary(.sqrt, let u): [u]
            case .binary(.over, _, let u): [u]
            case .binary(.power, let u, .number(let power)) where power >= 0 && power == power.rounded():
                u.domainArguments
            case .binary(.power, let u, _): [u]
            default: []
            }
        return own.filter { $0.contains(.x) } + parts.flatMap(\.domainArguments)
    }

    /// Of a formula of x alone.
    private var signChanges: [Double] {
        let slope = derivative()
        if case .number(let slope) = slope {
            guard slope != 0, let offset = value([.x: 0]) else { return [] }
            let place = -offset / slope
            return place.isFinite ? [place == 0 ? 0 : place] : []
        }
        let function = closure
        let range = Self.searchedRange
        let count = 64 * 80
        func node(_ index: Int) -> Double {
            range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(count)
        }
        var places: [Double] = []
        var (left, before, zero) = (function(node(0)), 0.0, Double?.none)
        for index in 1...count {
            let right = function(node(index))
            defer { left = right }
            if right == 0 {
                // The first of a run of zeros, or a zero by itself.
                if left != 0 { (zero, before) = (node(index), left) }
                continue
            }
            // The ends of a run, and a zero at which the sign changes.
            if let first = zero {
                let last = node(index - 1)
                if first != last || (before < 0) != (right < 0) { places += Set([first, last]) }
                zero = nil
            }
            guard left != 0, (left < 0) != (right < 0), left.isFinite, right.isFinite else { continue }
            if let place = try? RootFinding.brent(
                in: node(index - 1)...node(index), absoluteTolerance: 1e-15, function)
            {
                places.append(place)
            }
        }
        return places
    }
}
