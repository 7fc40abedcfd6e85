import Foundation
import Kernels
import Operators
import Tensors

/// ∂E/∂x of one value split into the part that the shortcuts carry and the part that passed through weights (Eqn. 5, 8):
///
///     total            g = d + w
///     direct           d: pulled back by everything but residual branches
///     through weights  w: what some branch was passed by
///
/// On an edge by which an operand of F enters its merge the three become (g, 0, g); every other map pulls each back as it is.
/// The same three, pushed forward from some x_l, are the tangents of a probe. That g = d + w holds by linearity for any maps
/// used alike for the three; it tests arithmetic. That the maps are right is for probes to prove.
public struct PathTerms<Scalar: KernelScalar>: Sendable {
    /// How g divides. Above the last unit all of it is direct, inside a branch all of it passed through weights: there nothing
    /// is pulled back twice.
    enum Split: Sendable {
        case direct
        case throughWeights
        case both(direct: MeasuredTensor<Scalar>, throughWeights: MeasuredTensor<Scalar>)
    }

    /// g; where nobody looks at it and it is undivided, perhaps with a normalisation still to pass.
    private var carried: Cotangent<Scalar>
    /// g.
    public private(set) var total: ScaledTensor<Scalar> {
        get { carried.resolve() }
        set { carried = .resolved(newValue) }
    }
    private(set) var split: Split
    /// The split by shortcuts and branches of this stage alone (the paper's footnote 1); `nil` where it is the same.
    private(set) var stageSplit: Split?
    /// What was measured as the parts were added up, until a map changes them.
    private var knownNorms: PathNorms?

    /// All of it direct.
    public init(_ total: ScaledTensor<Scalar>) {
        carried = .resolved(total)
        split = .direct
        self.total.keepInRange()
    }

    /// Parts of their own: of a probe, whose direct direction need not be the total one.
    package init(total: ScaledTensor<Scalar>, direct: ScaledTensor<Scalar>) {
        carried = .resolved(total)
        split = Self.allDirect(direct)
    }

    private static func allDirect(_ direct: ScaledTensor<Scalar>) -> Split {
        .both(
            direct: MeasuredTensor(direct), throughWeights: MeasuredTensor(direct.scaled(by: 0), norm: .zero))
    }

    /// d; of factor 0 where it is 0.
    public var direct: ScaledTensor<Scalar> { Self.direct(of: split, total) ?? total.scaled(by: 0) }
    /// w; of factor 0 where it is 0.
    public var throughWeights: ScaledTensor<Scalar> {
        Self.throughWeights(of: split, total) ?? total.scaled(by: 0)
    }

    /// As they enter a merge by an operand of F.
    private consuming func enteringBranch() -> PathTerms {
        var terms = self
        terms.split = .throughWeights
        if terms.stageSplit != nil { terms.stageSplit = .throughWeights }
        terms.knownNorms = nil
        return terms
    }

    /// Begins the stage's split anew: all of it is direct here.
    public mutating func beginStage() { stageSplit = .direct }

    /// Begins the direct part anew with a direction of its own, while the total goes on.
    package mutating func restart(direct: ScaledTensor<Scalar>) {
        split = Self.allDirect(direct)
        knownNorms = nil
    }

    /// Moves a power of two of the total into its exponent, where elements come near the end of their range.
    package mutating func keepInRange() { total.keepInRange() }

    /// Without the direct part, where it can no longer reach what is asked for.
    mutating func forgetDirect() {
        split = .throughWeights
        stageSplit = nil
        knownNorms = nil
    }

    private static func direct(of split: Split, _ total: ScaledTensor<Scalar>) -> ScaledTensor<Scalar>? {
        switch split {
        case .direct: total
        case .throughWeights: nil
        case .both(let direct, _): direct.scaled
        }
    }

    private static func throughWeights(of split: Split, _ total: ScaledTensor<Scalar>) -> ScaledTensor<
        Scalar
    >? {
        switch split {
        case .direct: nil
        case .throughWeights: total
        case .both(_, let throughWeights): throughWeights.scaled
        }
    }
}

extension PathTerms: Cotangents {
    @specialized(where Scalar == Float)
    package consuming func pulledBack(
        by operation: any Operator, to slots: [Int], isCut: (Int) -> Bool, at point: Point<Scalar>
    ) throws -> [PathTerms] {
        guard isDivided else {
            let (split, stage, carried) = (split, stageSplit, carried)
            _ = consume self
            let pulled = try operation.pullBack(consume carried, to: slots, at: point)
            return zip(slots, pulled).map { slot, part in
                let terms = PathTerms(carried: part, split, stage: stage)
                return isCut(slot) ? (consume terms).enteringBranch() : terms
            }
        }
        let here = consume self
        return try slots.map { slot in
            try (isCut(slot) ? here.enteringBranch() : here).moved {
                try operation.vjp($0, to: slot, at: point)
            }
        }
    }

    package mutating func resolveInPlace() {
        guard case .deferred = carried else { return }
        // Nobody else holds it, so that kernels work in its memory.
        var taken = Cotangent.resolved(ScaledTensor(Tensor<Scalar>(zeros: Shape(1, 1))))
        swap(&taken, &carried)
        carried = .resolved((consume taken).resolve())
    }

    /// Whether d and w are tensors of their own.
    private var isDivided: Bool {
        if case .both = split { return true }
        if case .both = stageSplit { return true }
        return false
    }

    /// Pushed forward from an operand.
    func pushed(
        by operation: any Operator, from slot: Int, isCut: Bool, at point: Point<Scalar>
    ) throws -> PathTerms {
        let moved = try moved { try operation.jvp($0, from: slot, at: point) }
        return isCut ? (consume moved).enteringBranch() : moved
    }

    private init(carried: Cotangent<Scalar>, _ split: Split, stage: Split?) {
        self.carried = carried
        self.split = split
        stageSplit = stage
    }

    /// Each by the same linear map.
    private func moved(
        _ map: (consuming ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar>
    ) rethrows -> PathTerms {
        var moved = self
        let total = total
        moved.total = try map(total)
        moved.split = try Self.moved(split, to: moved.total, map)
        moved.stageSplit = try stageSplit.map { try Self.moved($0, to: moved.total, map) }
        if moved.total.tensor.identity != total.tensor.identity || moved.total.factor != total.factor
            || moved.total.exponent != total.exponent
        {
            moved.knownNorms = nil
        }
        return moved
    }

    /// What is 0 stays it, and costs nothing.
    private static func moved(
        _ split: Split, to total: ScaledTensor<Scalar>,
        _ map: (consuming ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar>
    ) rethrows -> Split {
        guard case .both(let direct, let throughWeights) = split else { return split }
        func moved(_ part: MeasuredTensor<Scalar>) throws -> MeasuredTensor<Scalar> {
            part.scaled.isScaledToZero
                ? MeasuredTensor(total.scaled(by: 0), norm: .zero) : try part.moved(map)
        }
        return .both(direct: try moved(direct), throughWeights: try moved(throughWeights))
    }
}

extension PathTerms {
    /// What reaches a value by two ways. All parts stay in the range of their numbers: a power of two moves into their
    /// exponents in time.
    @specialized(where Scalar == Float)
    package consuming func plus(_ other: consuming PathTerms) -> PathTerms {
        var (first, second) = (consume self, consume other)
        first.resolveInPlace()
        second.resolveInPlace()
        if case .throughWeights = first.split { swap(&first, &second) }
        let stage = Self.stage(first, second)
        if case .throughWeights = second.split, !first.isThroughWeights {
            first.add(branch: second.total)
        } else {
            first.addParts(of: second)
        }
        first.stageSplit = stage
        return first
    }

    private var isThroughWeights: Bool { if case .throughWeights = split { true } else { false } }

    private static func stage(_ first: PathTerms, _ second: PathTerms) -> Split? {
        guard first.stageSplit != nil || second.stageSplit != nil else { return nil }
        return sum(
            first.stageSplit ?? first.split, first.total, second.stageSplit ?? second.split, second.total)
    }

    private static func sum(
        _ a: Split, _ totalOfA: ScaledTensor<Scalar>, _ b: Split, _ totalOfB: ScaledTensor<Scalar>
    ) -> Split {
        switch (a, b) {
        case (.direct, .direct): .direct
        case (.throughWeights, .throughWeights): .throughWeights
        default:
            .both(
                direct: sum(directPart(of: a, totalOfA), directPart(of: b, totalOfB), like: totalOfA),
                throughWeights: sum(
                    throughWeightsPart(of: a, totalOfA), throughWeightsPart(of: b, totalOfB), like: totalOfA))
        }
    }

    private static func sum(
        _ a: MeasuredTensor<Scalar>?, _ b: MeasuredTensor<Scalar>?, like total: ScaledTensor<Scalar>
    ) -> MeasuredTensor<Scalar> {
        if let a, let b { return a.plus(b.scaled) }
        return a ?? b ?? MeasuredTensor(total.scaled(by: 0), norm: .zero)
    }

    private static func directPart(
        of split: Split, _ total: ScaledTensor<Scalar>
    ) -> MeasuredTensor<Scalar>? {
        if case .both(let direct, _) = split { return direct }
        return direct(of: split, total).map { MeasuredTensor($0) }
    }

    private static func throughWeightsPart(
        of split: Split, _ total: ScaledTensor<Scalar>
    ) -> MeasuredTensor<Scalar>? {
        if case .both(_, let throughWeights) = split { return throughWeights }
        return throughWeights(of: split, total).map { MeasuredTensor($0) }
    }

    private mutating func addParts(of other: PathTerms) {
        split = Self.sum(split, total, other.split, other.total)
        total = total.adding(other.total).tensor
        knownNorms = nil
    }

    /// Adds what a branch pulls back to g and w and measures the three, in one pass over memory.
    @specialized(where Scalar == Float)
    private mutating func add(branch: ScaledTensor<Scalar>) {
        var (branch, direct, throughWeights) = (branch, direct, throughWeights)
        split = .direct
        ScaledTensor.keepInRange(&total, &branch)
        ScaledTensor.keepInRange(&throughWeights, &branch)
        let totalExponent = total.commonExponent(with: branch)
        let throughExponent = throughWeights.commonExponent(with: branch)
        let common = max(
            totalExponent, throughExponent, direct.isScaledToZero ? totalExponent : direct.exponent)
        let residual = (
            total: scalbn(1.0, max(-4000, totalExponent - common)),
            direct: direct.coefficient(relativeTo: common),
            throughWeights: scalbn(1.0, max(-4000, throughExponent - common))
        )
        let step = DecompositionStep(
            total: total.tensor, totalCoefficient: total.coefficient(relativeTo: totalExponent),
            throughWeights: throughWeights.tensor,
            throughWeightsCoefficient: throughWeights.coefficient(relativeTo: throughExponent),
            branch: branch.tensor, branchInTotal: branch.coefficient(relativeTo: totalExponent),
            branchInThroughWeights: branch.coefficient(relativeTo: throughExponent),
            direct: direct.tensor, residual: residual)
        // The kernel may then work in the memory of g and w.
        let nothing = ScaledTensor(Tensor<Scalar>(zeros: Shape(1, 1)))
        (total, throughWeights) = (nothing, nothing)
        let result = Scalar.kernels.decompose(consume step)
        total = ScaledTensor(result.total, exponent: totalExponent)
        throughWeights = ScaledTensor(result.throughWeights, exponent: throughExponent)
        let sign = direct.factor < 0 ? -1.0 : 1
        let sums = result.sums
        var norms = PathNorms(
            gradient: total.keepInRange(squaredNorm: sums.total).norm,
            direct: direct.keepInRange(squaredNorm: sums.direct).norm,
            throughWeights: throughWeights.keepInRange(squaredNorm: sums.throughWeights).norm)
        split = .both(
            direct: MeasuredTensor(direct, norm: norms.direct),
            throughWeights: MeasuredTensor(throughWeights, norm: norms.throughWeights))
        // A sum may be 0 because every square underflowed; the norm, taken at another scale, tells.
        let areReliable = [
            (sums.total, norms.gradient), (sums.direct, norms.direct),
            (sums.throughWeights, norms.throughWeights),
        ].allSatisfy { sum, norm in
            sum.isFinite && (sum >= Scalar.leastReliableSquares || norm == .zero)
        }
        if areReliable {
            norms.setRelations(sums, sign: sign, residualCoefficients: residual)
            knownNorms = norms
        } else {
            knownNorms = nil
        }
    }

    /// log10 ‖g‖, ‖d‖, ‖w‖ and how they relate.
    public mutating func norms() -> PathNorms {
        if let knownNorms { return knownNorms }
        let norms = measuredNorms()
        knownNorms = norms
        return norms
    }

    /// Measured one by one, from tensors that are in range.
    private mutating func measuredNorms() -> PathNorms {
        let norm = total.keepInRange()
        guard case .both(var directPart, var throughWeightsPart) = split else {
            return isThroughWeights
                ? PathNorms(gradient: norm, direct: .zero, throughWeights: norm) : PathNorms(start: norm)
        }
        var norms = PathNorms(
            gradient: norm, direct: directPart.norm(), throughWeights: throughWeightsPart.norm())
        split = .both(direct: directPart, throughWeights: throughWeightsPart)
        let (direct, throughWeights, kernels) = (directPart.scaled, throughWeightsPart.scaled, Scalar.kernels)
        var sums = DecompositionSums()
        sums.total = kernels.sumOfSquares(total.tensor)
        sums.direct = kernels.sumOfSquares(direct.tensor)
        sums.throughWeights = kernels.sumOfSquares(throughWeights.tensor)
        sums.directTimesThroughWeights = kernels.dot(direct.tensor, throughWeights.tensor)
        let common =
            [total, direct, throughWeights].filter { !$0.isScaledToZero }.map(\.exponent).max() ?? 0
        let residual = (
            total: total.coefficient(relativeTo: common), direct: direct.coefficient(relativeTo: common),
            throughWeights: throughWeights.coefficient(relativeTo: common)
        )
        let difference = kernels.combine(
            kernels.combine(total.tensor, residual.total, direct.tensor, -residual.direct), 1,
            throughWeights.tensor, -residual.throughWeights)
        sums.residual = kernels.sumOfSquares(difference)
        let sign = direct.factor * throughWeights.factor < 0 ? -1.0 : 1
        norms.setRelations(sums, sign: sign, residualCoefficients: residual)
        return norms
    }

    /// log10 of the norms of the stage's own direct and through-weights parts; those of the whole network where they are
    /// the same.
    public mutating func stageNorms() -> (direct: LogNorm, throughWeights: LogNorm) {
        switch stageSplit {
        case nil:
            let norms = norms()
            return (norms.direct, norms.throughWeights)
        case .direct: return (total.log10Norm, .zero)
        case .throughWeights: return (.zero, total.log10Norm)
        case .both(var direct, var throughWeights):
            let norms = (direct.norm(), throughWeights.norm())
            stageSplit = .both(direct: direct, throughWeights: throughWeights)
            return norms
        }
    }
}
