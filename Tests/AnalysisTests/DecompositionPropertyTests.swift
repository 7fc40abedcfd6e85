import Analysis
import Foundation
import Kernels
import NumericalMethods
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Eqn. 5 and 8 on random stacks, by code that shares only the units' derivatives with the analysis.
@Suite("Decomposition on random stacks")
struct DecompositionPropertyTests {
    /// Relative to the largest term; a few hundred roundings of 1.1e−16 in the deepest stacks, with room for
    /// sums that grow on the way and shrink again.
    static let tolerance = 1e-10

    @Test func totalIsDirectPlusThroughWeights() {
        var rows = (count: 0, strict: 0)
        expectNone(
            counterexample(to: "g = d + w", cases: 150) { (stack: StackCase) in
                guard let measured = try MeasuredStack<Double>(stack) else {
                    return "the forward pass is not finite"
                }
                for (l, row) in measured.backward.rows.enumerated() {
                    let paths = try #require(measured.paths(at: l))
                    let (g, d, w) = (paths.total.plain, paths.direct.plain, paths.throughWeights.plain)
                    let largest = max(norm(g), norm(d), norm(w))
                    let scales = try measured.roundingScales(at: l, seed: stack.seed)
                    let bound = Self.tolerance * max(largest, scales.direct, scales.total)
                    let error = norm(combination(1, g, -1, combination(1, d, 1, w)))
                    if error > bound { return "\(error) for \(largest) at x_\(l)" }
                    guard let reported = row.norms.decompositionError else {
                        if largest > 0 { return "no error reported at x_\(l)" }
                        continue
                    }
                    if reported * largest > bound { return "\(reported) reported at x_\(l)" }
                    rows.count += 1
                    // Terms less than a hundred times the result: the bound is 1e−8 of the result or better.
                    if bound < 100 * Self.tolerance * largest { rows.strict += 1 }
                }
                return nil
            })
        #expect(rows.count > 500 && Double(rows.strict) > 0.9 * Double(rows.count), "\(rows)")
    }

    @Test func forwardModeFindsBothTerms() {
        expectNone(
            counterexample(to: "⟨d, v⟩ and ⟨g, v⟩", cases: 150) { (stack: StackCase) in
                guard let measured = try MeasuredStack<Double>(stack) else {
                    return "the forward pass is not finite"
                }
                for l in 0..<measured.unitCount {
                    let paths = try #require(measured.paths(at: l))
                    let scales = try measured.roundingScales(at: l, seed: stack.seed)
                    let direct = try forwardModeError(
                        of: paths.direct, size: scales.direct, at: l, in: measured, seed: stack.seed
                    ) { try measured.pushForwardDirect($1, of: $0) }
                    if !(direct <= Self.tolerance) { return "direct: \(direct) at x_\(l)" }
                    let total = try forwardModeError(
                        of: paths.total, size: scales.total, at: l, in: measured, seed: stack.seed
                    ) { try measured.pushForward($1, of: $0) }
                    if !(total <= Self.tolerance) { return "total: \(total) at x_\(l)" }
                }
                return nil
            })
    }

    /// The test above has teeth: a push-forward that is off by one part in 10⁵ in one unit shows in nearly every
    /// stack, whatever its conditioning.
    @Test func forwardModeNoticesASmallMistake() throws {
        var (noticed, stacks) = (0, 0)
        for seed in 1...100 as ClosedRange<UInt64> {
            let stack = StackCase(seed: seed)
            guard let measured = try MeasuredStack<Double>(stack), let paths = measured.paths(at: 0),
                norm(paths.total.plain) > 0
            else { continue }
            var isFirst = true
            let error = try forwardModeError(
                of: paths.total, size: measured.roundingScales(at: 0, seed: seed).total, at: 0, in: measured,
                seed: seed
            ) { unit, v in
                // Asked for twice a unit: for the tangent and for its noisy double.
                defer { isFirst = false }
                let pushed = try measured.pushForward(v, of: unit)
                return isFirst ? pushed.map { $0 * (1 + 1e-5) } : pushed
            }
            stacks += 1
            if error > Self.tolerance { noticed += 1 }
        }
        #expect(stacks > 80 && Double(noticed) > 0.9 * Double(stacks), "\(noticed) of \(stacks)")
    }

    /// ∏(H_i + J_i) multiplied out: d_l is the one path of shortcuts only, w_l the sum of the 2ⁿ − 1 others.
    @Test func throughWeightsIsTheSumOfAllOtherPaths() {
        expectNone(
            counterexample(to: "w = Σ of paths", cases: 80) { (stack: StackCase) in
                guard let measured = try MeasuredStack<Double>(stack) else {
                    return "the forward pass is not finite"
                }
                let count = measured.unitCount
                for l in max(0, count - 5)..<count {
                    let paths = try #require(measured.paths(at: l))
                    let terms = try Self.pathTerms(measured, from: l) { $0 }
                    // Paths that cancel above l leave their rounding, each of its own size.
                    let scale = RoundingScale(seed: stack.seed)
                    var stream = RandomStream(seed: stack.seed, name: "paths")
                    let noisy = try Self.pathTerms(measured, from: l) {
                        scale.disturbed($0, &stream)
                    }
                    let largest = zip(terms, noisy).map { scale.size(of: $0, noisy: $1) }.max() ?? 0
                    let others = terms.dropFirst().reduce(Tensor(zeros: terms[0].shape)) {
                        combination(1, $0, 1, $1)
                    }
                    let errors = [
                        norm(combination(1, paths.direct.plain, -1, terms[0])),
                        norm(combination(1, paths.throughWeights.plain, -1, others)),
                    ]
                    if errors.max() ?? 0 > Self.tolerance * largest {
                        return "\(errors) of \(largest) at x_\(l)"
                    }
                }
                return nil
            })
    }

    /// One cotangent a path, that of the shortcuts first; each passes through `disturb` ahead of every unit.
    private static func pathTerms(
        _ stack: MeasuredStack<Double>, from l: Int, disturb: (Tensor<Double>) -> Tensor<Double>
    ) throws -> [Tensor<Double>] {
        try (l..<stack.unitCount).reversed().reduce([stack.top]) { terms, unit in
            let disturbed = terms.map(disturb)
            return try disturbed.map { try stack.pullBackDirect($0, of: unit) }
                + disturbed.map { try stack.pullBackThroughBranch($0, of: unit) }
        }
    }

    /// Where every h of a stage is λ times one and f is the identity, ‖d_l‖ = ∏|λ|·‖d_e‖ within it.
    @Test func directTermScalesByTheProductOfLambda() {
        expectNone(
            counterexample(to: "‖d_l‖ = ∏|λ|·‖d_e‖", cases: 100) { (drawn: StackCase) in
                var stack = drawn
                if !["relu-before-addition", "full-preact"].contains(stack.layout.name) {
                    stack.layout = StackCase.bareLayout
                }
                let scaling = PerUnitScaling(seed: stack.seed)
                stack.shortcut = scaling
                guard let measured = try MeasuredStack<Double>(stack) else {
                    return "the forward pass is not finite"
                }
                let shapes = measured.forward.rows.map(\.shape)
                var sum = 0.0
                for l in shapes.indices.dropLast().reversed() {
                    guard shapes[l] == shapes[l + 1] else {
                        sum = 0
                        continue
                    }
                    sum += log10(abs(scaling.lambda(ofUnit: l)))
                    let rows = measured.backward.rows
                    let e = shapes.lastIndex(of: shapes[l]) ?? l
                    guard let top = rows[e].norms.gradient.value else { continue }
                    guard let direct = rows[l].stageDirect.value else { return "no direct term at x_\(l)" }
                    // A log10 of size 10 carries 1e−15; ten λ more.
                    if abs(direct - top - sum) > 1e-12 { return "\(direct - top) for \(sum) at x_\(l)" }
                }
                return nil
            })
    }
}

func expectNone<Case>(
    _ found: Counterexample<Case>?, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found == nil, "\(found.map(\.description) ?? "")", sourceLocation: sourceLocation)
}
