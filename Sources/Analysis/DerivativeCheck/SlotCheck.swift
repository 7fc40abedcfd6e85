import NumericalMethods

/// The derivatives of one operation with respect to one operand, checked at its value.
struct SlotCheck {
    let place: String
    let function: SlotFunction
    let seed: UInt64

    /// One of each mode.
    func findings() -> [DerivativeFinding] {
        var point = function
        var first: Examination
        do { first = try examination(of: point, 0, by: .init(ladder: .usual, areRelative: false)) } catch {
            return [obstacle(error)]
        }
        // Where inputs at a kink, such as the zeros that a ReLU leaves, reach every output, the point beside has none.
        if first.claims.contains(where: \.isHidden), let other = neighbour(0),
            let examined = try? examination(of: other, 0, by: .init(ladder: .usual, areRelative: false))
        {
            (point, first) = (other, examined)
        }
        guard first.claims.contains(where: { $0.judgements.contains(.wrong) }),
            let closer = try? examination(of: point, 0, by: .init(ladder: .fine, areRelative: false))
        else { return first.claims.map { finding(of: $0, in: first, []) } }
        // A mistake counts where finer steps show it too, and where it is made at other points nearby, in the same elements, by
        // steps of another size. Kinks that cancel in the slopes, as of relu(x) − relu(−x) at 0, are not there; nor do
        // differences fail three times by chance. Of two points one may leave the domain.
        let around = [1, 2].compactMap { number in
            neighbour(number).flatMap {
                try? examination(of: $0, number, by: .init(ladder: .fine, areRelative: number == 2))
            }
        }
        return closer.claims.map { finding(of: $0, in: closer, around) }
    }

    private var stream: String { "\(place).\(function.slot)" }

    private func examination(
        of function: SlotFunction, _ number: Int, by steps: Examination.Steps
    ) throws -> Examination {
        try Examination(function, seed: seed, stream: "\(stream).\(number)", by: steps)
    }

    /// Every element moved by a hundredth of itself, those at 0 upwards, as functions may end there: far enough that a kink
    /// is beyond most steps.
    private func neighbour(_ number: Int) -> SlotFunction? {
        var random = RandomStream(seed: seed, name: "derivative-check.\(stream).neighbour.\(number)")
        let size = rootMeanSquare(function.x)
        let x = function.x.map { x in
            let shift = 0.01 * random.signed(from: 0.5)
            return x == 0 ? size * abs(shift) : x * (1 + shift)
        }
        return try? function.moved(to: x)
    }

    /// The value has been computed at the point itself: beside it, the value has no domain, or a derivative fails.
    private func obstacle(_ error: any Error) -> DerivativeFinding {
        var (mode, verdict) = (DerivativeFinding.Mode.vjp, DerivativeFinding.Verdict.malformed("\(error)"))
        let zeros = { (count: Int) in [Double](repeating: 0, count: count) }
        do {
            mode = .jvp
            _ = try function.jvp(zeros(function.x.count))
            mode = .vjp
            _ = try function.vjp(zeros(function.y.count))
            mode = .pullBack
            _ = try function.pulledBack(zeros(function.y.count))
            (mode, verdict) = (.value, .undecided(.domain("\(error)")))
        } catch { verdict = .malformed("\(error)") }
        return DerivativeFinding(
            place: place, operation: function.operation.name, slot: function.slot, mode: mode,
            verdict: verdict)
    }

    private func finding(
        of claims: Examination.Claims, in examination: Examination, _ around: [Examination]
    ) -> DerivativeFinding {
        let others = around.compactMap { other in other.claims.first { $0.mode == claims.mode }?.judgements }
            .filter { $0.count == claims.judgements.count }
        let isConfirmed = claims.judgements.indices.map { index in
            claims.judgements[index] == .wrong && !others.isEmpty && others.allSatisfy { $0[index] == .wrong }
        }
        let (verdict, worst) = verdict(on: claims, in: examination, isConfirmed)
        return DerivativeFinding(
            place: place, operation: function.operation.name, slot: function.slot, mode: claims.mode,
            verdict: verdict, numbers: worst.map { numbers(of: claims, at: $0, in: examination) },
            element: worst.flatMap { element(at: $0, of: claims, in: examination) },
            counts: counts(of: claims, isConfirmed))
    }

    /// With the element that shows it best.
    private func verdict(
        on claims: Examination.Claims, in examination: Examination, _ isConfirmed: [Bool]
    ) -> (DerivativeFinding.Verdict, Int?) {
        let (places, judgements) = (claims.judgements.indices, claims.judgements)
        func distance(_ index: Int) -> Double {
            let (claimed, slope) = (claims.numbers[index], claims.slopes[index])
            guard claimed.isFinite else { return .infinity }
            let size = max(abs(claimed), slope.size)
            return size > 0 ? abs(claimed - slope.mean) / size : 0
        }
        func worst(_ isCounted: (Int) -> Bool) -> Int? {
            places.filter(isCounted).max { distance($0) < distance($1) }
        }
        if let index = worst({ isConfirmed[$0] }) { return (.wrong, index) }
        if let index = examination.function.y.firstIndex(where: { !$0.isFinite }) {
            return (.notFinite(.value), judgements.count == examination.function.y.count ? index : nil)
        }
        if let index = places.first(where: { !claims.numbers[$0].isFinite }) {
            return (.notFinite(.derivative), index)
        }
        if let index = worst({ judgements[$0] == .besideKink || judgements[$0] == .wrong }) {
            return (.undecided(.kink), index)
        }
        guard judgements.contains(.agrees) else {
            return (.undecided(judgements.contains(.kink) ? .kink : .noise), nil)
        }
        return (.agrees, worst { judgements[$0] == .agrees })
    }

    private func isOfElements(_ claims: Examination.Claims, _ examination: Examination) -> Bool {
        claims.mode == .jvp || examination.isDiagonal
    }

    /// φ′(x) is the slope along t over t.
    private func numbers(
        of claims: Examination.Claims, at index: Int, in examination: Examination
    ) -> DerivativeFinding.Numbers {
        let slope = claims.slopes[index]
        let length = examination.isDiagonal ? examination.direction[index] : 1
        return DerivativeFinding.Numbers(
            claimed: claims.numbers[index] / length,
            // Where t points down, what is left of it is right of x.
            left: (length < 0 ? slope.right : slope.left).slope / length,
            right: (length < 0 ? slope.left : slope.right).slope / length, error: slope.error / abs(length))
    }

    private func element(
        at index: Int, of claims: Examination.Claims, in examination: Examination
    ) -> DerivativeFinding.Element? {
        guard isOfElements(claims, examination) else { return nil }
        return DerivativeFinding.Element(
            index: index, x: examination.isDiagonal ? examination.function.x[index] : nil)
    }

    private func counts(
        of claims: Examination.Claims, _ isConfirmed: [Bool]
    ) -> DerivativeFinding.Counts {
        var counts = DerivativeFinding.Counts()
        for (index, judgement) in claims.judgements.enumerated() {
            switch judgement {
            case .agrees: counts.agreeing += 1
            case .wrong where isConfirmed[index]: counts.wrong += 1
            case .wrong where !claims.numbers[index].isFinite: counts.notFinite += 1
            case .wrong, .kink, .besideKink: counts.atKinks += 1
            case .unresolved: counts.unresolved += 1
            case .notFinite: counts.notFinite += 1
            }
        }
        return counts
    }
}
