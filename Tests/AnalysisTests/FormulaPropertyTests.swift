import Analysis
import Expressions
import Graphs
import Kernels
import Operators
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Eqn. 3–8 for arbitrary h, f and activations: random formulas in random stacks, in Double. A failure is shrunk, formulas and
/// stack, and printed with its seed.
@Suite("Random formulas in random stacks")
struct FormulaPropertyTests {
    @Test func totalIsDirectPlusThroughWeights() {
        var draws = Draws()
        expectNone(
            counterexample(to: "g = d + w", cases: 150) { (drawn: FormulaCase) in
                try draws.use(drawn.measured()) { try FormulaProof.sum($0, seed: drawn.seed) }
            })
        draws.expectMost()
    }

    @Test func forwardModeFindsAllTerms() {
        var draws = Draws()
        expectNone(
            counterexample(to: "⟨d, v⟩, ⟨g, v⟩ and ⟨w, v⟩", cases: 150) { (drawn: FormulaCase) in
                try draws.use(drawn.measured()) { try FormulaProof.probes($0, seed: drawn.seed) }
            })
        draws.expectMost()
    }

    /// What the analysis itself says of the same networks: no check that raises a false alarm.
    ///
    /// Its bounds count roundings of what is left of a vector. Where a batch normalisation inside a unit takes nearly all of it
    /// away, rounding of what was there before exceeds them; then the same must hold relative to that.
    @Test func ownChecksHold() {
        var (draws, narrow) = (Draws(), 0)
        expectNone(
            counterexample(to: "the analysis' checks", cases: 60) { (drawn: FormulaCase) in
                try draws.use(drawn.measured()) { measured in
                    let result = try SignalAnalysis(
                        measured.network, on: drawn.stack.labelledBatch(),
                        options: AnalysisOptions(probes: .all, seed: drawn.seed),
                        masks: SeededMasks(seed: drawn.seed)
                    ).run()
                    let failed = result.checks.filter { $0.passed == false }
                    let counting = ["sum", "probe_direct", "probe_total", "probe_through_weights"]
                    guard failed.allSatisfy({ counting.contains($0.name) }) else { return "\(failed)" }
                    if failed.isEmpty { return nil }
                    narrow += 1
                    let sum = try FormulaProof.sum(measured, seed: drawn.seed)
                    return try sum ?? FormulaProof.probes(measured, seed: drawn.seed)
                }
            })
        draws.expectMost()
        #expect(narrow <= 2, "\(narrow) stacks with checks beyond their roundings")
    }

    /// The loss itself, which knows no derivative.
    @Test func differencesOfTheLossFindTheGradient() {
        var (draws, rows) = (Draws(), FormulaProof.Rows())
        expectNone(
            counterexample(to: "∂E/∂x_l", cases: 80) { (drawn: FormulaCase) in
                try draws.use(drawn.measured()) {
                    try FormulaProof.lossDifference($0, of: drawn, counting: &rows)
                }
            })
        draws.expectMost()
        #expect(Double(rows.sharp) > 0.6 * Double(rows.count), "\(rows)")
    }

    /// x_e = (∏ λ_i) x_l + Σ (∏ λ_j) F̂_i between all pairs l < e of a stage, where h_i = λ_i·x, λ_i one number of
    /// the unit or one of each of its channels, and f is the identity; products in plain arithmetic.
    @Test func linearFormulasLeaveASum() {
        var draws = Draws()
        expectNone(
            counterexample(to: "Eqn. 4/7", cases: 100) { (drawn: FormulaCase) in
                var linear = drawn
                linear.f = nil
                linear.stack.layout = StackCase.layouts[2 + Int(drawn.seed % 4)]
                linear.h = .binary(.times, FormulaCase.number(seed: drawn.seed), .symbol(.x))
                return try draws.use(linear.measured()) { try FormulaProof.forwardIdentity($0, of: linear) }
            })
        draws.expectMost()
    }

    /// d_l = ∏ h′(x_i) f′(y_i) ∘ d_e within a stage that ends at e, element by element in plain arithmetic.
    @Test func directTermIsTheProductOfSlopes() {
        var (draws, elements) = (Draws(), FormulaProof.Rows())
        expectNone(
            counterexample(to: "d_l = ∏ h′ f′ ∘ d_e", cases: 100) { (drawn: FormulaCase) in
                let elementwise = drawn.elementwise
                return try draws.use(elementwise.measured()) {
                    try FormulaProof.slopes($0, of: elementwise, counting: &elements)
                }
            })
        draws.expectMost()
        #expect(Double(elements.sharp) > 0.9 * Double(elements.count), "\(elements)")
    }
}

/// The tests above can fail: every formula's derivative is off by one part in a million.
@Suite("Mutations of random formulas")
struct FormulaMutationTests {
    private static func mutant(
        _ network: Network<Double>, bothWays: Bool
    ) throws -> Network<Double> {
        try network.replacing { _, _, operation, operands in
            let mutant = Mutant(operation, .multiplied(by: 1 + 1e-6, slot: 0), bothWays: bothWays)
            return (operation is ExpressionOperator ? mutant : operation, operands)
        }
    }

    private static func cases(_ seeds: ClosedRange<UInt64>) -> [FormulaCase] { seeds.map(FormulaCase.init) }

    /// How many of the usable stacks with a mutant in them a proof refuses.
    private static func refused(
        _ cases: [FormulaCase], bothWays: Bool,
        _ proof: (MeasuredStack<Double>, FormulaCase) throws -> String?
    ) throws -> (refused: Int, of: Int) {
        var (draws, found) = (Draws(), (refused: 0, of: 0))
        for drawn in cases {
            _ = try draws.use(drawn.measured { try mutant($0, bothWays: bothWays) }) { measured in
                guard measured.model.graph.nodes.contains(where: { $0.operation is Mutant }) else {
                    return nil
                }
                let reason = try proof(measured, drawn)
                found.of += 1
                if reason != nil { found.refused += 1 }
                return reason
            }
        }
        return found
    }

    /// g = d + w whatever the derivative is.
    @Test func theSumDoesNotNotice() throws {
        let found = try Self.refused(Self.cases(1...40), bothWays: false) {
            try FormulaProof.sum($0, seed: $1.seed)
        }
        #expect(found.refused == 0 && found.of > 25, "\(found)")
    }

    @Test func probesNotice() throws {
        let found = try Self.refused(Self.cases(1...60), bothWays: false) {
            try FormulaProof.probes($0, seed: $1.seed)
        }
        #expect(found.of > 40 && Double(found.refused) > 0.9 * Double(found.of), "\(found)")
    }

    @Test func differencesOfTheLossNoticeWhatProbesCannot() throws {
        var rows = FormulaProof.Rows()
        let probed = try Self.refused(Self.cases(1...40), bothWays: true) {
            try FormulaProof.probes($0, seed: $1.seed)
        }
        #expect(probed.refused == 0, "\(probed)")
        let found = try Self.refused(Self.cases(1...60), bothWays: true) {
            try FormulaProof.lossDifference($0, of: $1, counting: &rows)
        }
        #expect(found.of > 40 && Double(found.refused) > 0.6 * Double(found.of), "\(found)")
    }

    @Test func slopesNotice() throws {
        var elements = FormulaProof.Rows()
        let cases = Self.cases(1...60).map { drawn in
            var drawn = drawn.elementwise
            // So that what is mutated is h or f.
            (drawn.activation, drawn.scale) = (nil, nil)
            return drawn
        }
        let found = try Self.refused(cases, bothWays: true) {
            try FormulaProof.slopes($0, of: $1, counting: &elements)
        }
        // The others change their size in every unit, or have slopes of 0 or formulas that are scalings.
        #expect(found.of > 40 && Double(found.refused) > 0.7 * Double(found.of), "\(found)")
    }

    /// What fails is shrunk to one formula in a small stack, and told with its seed.
    @Test func failuresShrink() throws {
        let found = try #require(
            counterexample(to: "probes", cases: 20) { (drawn: FormulaCase) in
                var draws = Draws()
                return try draws.use(drawn.measured { try Self.mutant($0, bothWays: false) }) {
                    try FormulaProof.probes($0, seed: drawn.seed)
                }
            })
        let shrunk = found.shrunk
        let formulas = [shrunk.h, shrunk.f, shrunk.activation, shrunk.scale].compactMap(\.self)
        #expect(formulas.count == 1 && formulas.allSatisfy { $0.size <= 4 }, "\(found)")
        #expect(shrunk.stack.isDense && shrunk.stack.unitsPerStage == 1 && shrunk.dropPath == nil, "\(found)")
        #expect(found.description.contains("seed \(found.seed)"))
        #expect(formulas.allSatisfy { found.description.contains("\($0)") }, "\(found)")
    }
}

extension FormulaCase {
    /// The same with an h and an f that act on each element by itself.
    fileprivate var elementwise: FormulaCase {
        var copy = self
        copy.h = h ?? .symbol(.x)
        copy.f = f ?? .unary(.relu, .symbol(.x))
        return copy
    }
}

/// How many cases there were a network to prove something of.
private struct Draws {
    private var used = 0
    private var refused = 0

    /// A network of larger values than this, or of a larger or smaller gradient, has left the range in which the formulas were
    /// meant.
    private static let largest = 1e6
    private static let gradients = 1e-30...1e30

    /// Why a proof fails; `nil` where it holds, and where a formula has no value or leaves the range.
    mutating func use(
        _ measured: MeasuredStack<Double>?, _ proof: (MeasuredStack<Double>) throws -> String?
    ) rethrows -> String? {
        guard let measured, measured.forward.rows.allSatisfy({ $0.forwardRMS < Self.largest }),
            (0...measured.unitCount).allSatisfy({ l in
                // Infinite where an element is at the end of a root's domain.
                let size = measured.paths(at: l).map { norm($0.total.plain) } ?? .nan
                return size == 0 || Self.gradients.contains(size)
            })
        else {
            refused += 1
            return nil
        }
        used += 1
        return try proof(measured)
    }

    func expectMost() {
        print("formulas: \(used) of \(used + refused) draws used")
        #expect(Double(used) > 0.8 * Double(used + refused), "\(used) draws used, \(refused) refused")
    }
}

/// What must hold of a measured stack, whatever its formulas: a reason where it does not.
private enum FormulaProof {
    /// Relative to the largest term: a few hundred roundings of 1.1e−16, and room for sums that grow on their way. Where a
    /// batch normalisation takes nearly all of a vector away, relative to what was there before (`RoundingScale`).
    static let tolerance = 1e-10

    /// Of rows or elements, those that were held against less than 1e−7 of themselves.
    struct Rows {
        var count = 0
        var sharp = 0

        mutating func add(isSharp: Bool) {
            count += 1
            if isSharp { sharp += 1 }
        }
    }

    static func sum(_ measured: MeasuredStack<Double>, seed: UInt64) throws -> String? {
        for (l, row) in measured.backward.rows.enumerated() {
            let paths = try #require(measured.paths(at: l))
            let (g, d, w) = (paths.total.plain, paths.direct.plain, paths.throughWeights.plain)
            let largest = max(norm(g), norm(d), norm(w))
            let scales = try measured.roundingScales(at: l, seed: seed)
            let bound = tolerance * max(largest, scales.direct, scales.total)
            let error = norm(combination(1, g, -1, combination(1, d, 1, w)))
            if !(error <= bound) { return "\(error) for \(largest) at x_\(l)" }
            if let reported = row.norms.decompositionError, !(reported * largest <= bound) {
                return "\(reported) reported at x_\(l)"
            }
        }
        return nil
    }

    /// By forward mode from every x_l.
    static func probes(_ measured: MeasuredStack<Double>, seed: UInt64) throws -> String? {
        for l in 0..<measured.unitCount {
            let paths = try #require(measured.paths(at: l))
            let scales = try measured.roundingScales(at: l, seed: seed)
            let direct = try forwardModeError(
                of: paths.direct, size: scales.direct, at: l, in: measured, seed: seed
            ) { try measured.pushForwardDirect($1, of: $0) }
            if !(direct <= tolerance) { return "direct: \(direct) at x_\(l)" }
            let total = try forwardModeError(
                of: paths.total, size: scales.total, at: l, in: measured, seed: seed
            ) { try measured.pushForward($1, of: $0) }
            if !(total <= tolerance) { return "total: \(total) at x_\(l)" }
            let weights = try throughWeightsError(paths, scales, at: l, in: measured, seed: seed)
            if !(weights <= tolerance) { return "through weights: \(weights) at x_\(l)" }
        }
        return nil
    }

    /// ⟨w_l, v⟩ = ⟨g_L, (∏ D(H + J) − ∏ D H) v⟩, relative to the largest term.
    private static func throughWeightsError(
        _ paths: PathTerms<Double>, _ scales: (direct: Double, total: Double), at l: Int,
        in measured: MeasuredStack<Double>, seed: UInt64
    ) throws -> Double {
        let w = paths.throughWeights.plain
        guard norm(w) > 0 else { return 0 }
        let noise: Tensor<Double> = randomTensor(w.shape, seed: seed, name: "weights.\(l)")
        let v = combination(1, noise, norm(noise) / norm(w), w)
        let (units, scale) = (l..<measured.unitCount, RoundingScale(seed: seed))
        let total = try scale.through(units, v) { try measured.pushForward($1, of: $0) }
        let direct = try scale.through(units, v) { try measured.pushForwardDirect($1, of: $0) }
        let above = inner(measured.top, combination(1, total.result, -1, direct.result))
        let largest = max(
            max(scales.direct, scales.total) * norm(v), norm(measured.top) * max(total.size, direct.size))
        return abs(inner(w, v) - above) / largest
    }

    /// Central differences of the loss at x_0 and in the middle.
    static func lossDifference(
        _ measured: MeasuredStack<Double>, of drawn: FormulaCase, counting rows: inout Rows
    ) throws -> String? {
        for l in Set([0, measured.unitCount / 2]).sorted() {
            let gradient = try #require(measured.paths(at: l)).total.plain
            let x = try measured.state(l)
            // Beyond that the loss turns at steps of 1e−6‖x_l‖ and less (a pole next to an element): rounding in between moves
            // it as much.
            guard norm(gradient) > 0, norm(gradient) * norm(x) < 1e6 else { continue }
            let noise: Tensor<Double> = randomTensor(gradient.shape, seed: drawn.seed, name: "loss.\(l)")
            let v = combination(1 / norm(noise), noise, 1 / norm(gradient), gradient)
                .holding(elementsAtKinksIn: x)
            let slope = inner(gradient, v)
            guard slope != 0 else { continue }
            let curve = try LossCurve(measured, of: drawn, at: l, along: v)
            let limit = try curve.slope()
            rows.add(isSharp: limit.uncertainty < 1e-7 * abs(slope))
            // Where kinks lie closer than steps that rise above rounding, differences tell nothing.
            guard limit.uncertainty < 1e-4 * abs(slope) else { continue }
            if !(abs(limit.value - slope) <= limit.uncertainty + tolerance * abs(slope)) {
                return "\(slope) at x_\(l), differences say \(limit.value) ± \(limit.uncertainty)"
            }
        }
        return nil
    }

    static func forwardIdentity(_ measured: MeasuredStack<Double>, of drawn: FormulaCase) throws -> String? {
        let x = try (0...measured.unitCount).map { try measured.state($0) }
        let branches = try (0..<measured.unitCount).map { try measured.branch($0) }
        let slopes = Slopes(measured, drawn)
        for end in 1..<x.count {
            var factor = [Double](repeating: 1, count: x[end].shape.channels)
            var sum = Tensor<Double>(zeros: x[end].shape)
            for l in stride(from: end - 1, through: 0, by: -1) {
                guard x[l].shape == x[end].shape else { break }
                // By what stands above unit l.
                let branch = branches[l].times(factor)
                sum = combination(1, branch, 1, sum)
                factor = try zip(factor, slopes.factors(of: l, channels: factor.count)).map { $0 * $1 }
                let shortcut = x[l].times(factor)
                let largest = max(norm(x[end]), norm(shortcut), norm(sum), norm(branch))
                let error = norm(combination(1, x[end], -1, combination(1, shortcut, 1, sum)))
                if !(error <= tolerance * largest) { return "\(error / largest) from x_\(l) to x_\(end)" }
            }
            guard let reported = measured.forward.rows[end].forwardIdentityError else {
                let isWithinStage = x[end - 1].shape == x[end].shape && norm(x[end]) > 0
                if isWithinStage { return "not reported at x_\(end)" }
                continue
            }
            if !(reported <= tolerance) { return "\(reported) reported at x_\(end)" }
        }
        return nil
    }

    static func slopes(
        _ measured: MeasuredStack<Double>, of drawn: FormulaCase, counting elements: inout Rows
    ) throws -> String? {
        let slopes = Slopes(measured, drawn)
        let x = try (0...measured.unitCount).map { try measured.state($0) }
        var products: [SlopeProduct] = []
        for l in stride(from: measured.unitCount, through: 0, by: -1) {
            let direct = try #require(measured.paths(at: l)).direct.plain.elements
            guard l < measured.unitCount, x[l].shape == x[l + 1].shape else {
                // The last x of a stage.
                let picked = stride(from: 0, to: direct.count, by: direct.count / 40 + 1)
                products = picked.map { SlopeProduct(element: $0, value: direct[$0]) }
                continue
            }
            let y = try measured.sum(l).elements
            for index in products.indices {
                let element = products[index].element
                let channel = element / x[l].shape.area % x[l].shape.channels
                products[index].multiply(
                    by: try slopes.f(at: y[element], unit: l, channel: channel))
                products[index].multiply(
                    by: try slopes.h(at: x[l].elements[element], unit: l, channel: channel))
                let product = products[index]
                guard product.isDecided else { continue }
                elements.add(isSharp: product.error <= 1e-7 * abs(product.value))
                // A slope that is a small difference (1 − tanh² far out) has its own rounding, to first order: twice that
                // for higher orders and for the other way to the same function.
                let bound = tolerance * abs(product.value) + 2 * product.error
                if !(abs(direct[element] - product.value) <= bound) {
                    return
                        "\(direct[element]), not \(product.value) ± \(bound), at element \(element) of x_\(l)"
                }
            }
        }
        return nil
    }
}

/// A product of slopes at one element, with what rounding may have done to it.
private struct SlopeProduct {
    let element: Int
    var value: Double
    var error = 0.0
    /// No slope so far stood at a kink or a jump within rounding.
    var isDecided = true

    init(element: Int, value: Double) { (self.element, self.value) = (element, value) }

    mutating func multiply(by slope: RoundedValue) {
        error = error * abs(slope.value) + abs(value) * slope.error + error * slope.error
        value *= slope.value
        isDecided = isDecided && slope.isDecided
    }
}

/// h′ and f′ of every unit of a stack, by their formulas' symbolic derivatives in plain Swift.
private struct Slopes {
    private let drawn: FormulaCase
    private let positions: [UnitPosition]
    private let learned: [String: [Double]]

    init(_ measured: MeasuredStack<Double>, _ drawn: FormulaCase) {
        self.drawn = drawn
        positions = measured.network.design?.positions ?? []
        learned = Dictionary(
            uniqueKeysWithValues: measured.network.parameters.map { ($0.name, $0.values.elements) })
    }

    func h(at x: Double, unit l: Int, channel: Int) throws -> RoundedValue {
        try slope(#require(drawn.h), at: x, unit: l, channel: channel)
    }

    func f(at y: Double, unit l: Int, channel: Int) throws -> RoundedValue {
        try slope(#require(drawn.f), at: y, unit: l, channel: channel)
    }

    /// λ of every channel, where h is λ·x.
    func factors(of l: Int, channels: Int) throws -> [Double] {
        try (0..<channels).map { try h(at: 0, unit: l, channel: $0).value }
    }

    private func slope(
        _ formula: Expression, at x: Double, unit l: Int, channel: Int
    ) throws -> RoundedValue {
        let bound = try UnitFormula(formula).bound(at: positions[l])
        var values: [LearnedNumber: Double] = [:]
        for number in bound.learned {
            values[number] = try #require(learned["units.\(l).\(number.name)"])[
                number.isPerChannel ? channel : 0]
        }
        return RoundedValue(bound.derivative().bound([:], learned: values), at: x)
    }
}

/// The loss as a function of one number: how far x_l is moved along a direction.
private struct LossCurve {
    private let measured: MeasuredStack<Double>
    private let arguments: GraphArguments<Double>
    private let labels: [Int]
    private let plan: EvaluationPlan
    private let row: Set<Graph.ValueID>
    private let x: Tensor<Double>
    private let direction: Tensor<Double>

    init(
        _ measured: MeasuredStack<Double>, of drawn: FormulaCase, at l: Int, along v: Tensor<Double>
    ) throws {
        let batch: LabelledBatch<Double> = drawn.stack.labelledBatch()
        self.measured = measured
        labels = batch.labels
        arguments = try measured.network.arguments(
            measured.model, input: batch.input, masks: SeededMasks(seed: drawn.seed))
        row = Set(measured.model.model.rows[l].values)
        plan = EvaluationPlan(measured.model.graph, derivativesTo: [], given: row)
        x = try measured.state(l)
        direction = v
    }

    private func loss(_ step: Double) throws -> Double {
        let moved = Value(combination(1, x, step, direction))
        do {
            let evaluation = try GraphEvaluation(
                plan, arguments, given: Dictionary(uniqueKeysWithValues: row.map { ($0, moved) }))
            return try Loss.crossEntropy(Labels(labels)).value(at: evaluation.output)
        } catch GraphError.operation(_, OperatorError.value) {
            // A step out of a formula's domain.
            return .nan
        }
    }

    /// A slope at 0, and how far from it the derivative may be.
    struct Limit {
        var value: Double
        var uncertainty: Double
    }

    /// The slope at 0 by central differences, from small steps to large ones as long as they agree: beyond the scale of the loss,
    /// or a kink of it, they say something else.
    func slope() throws -> Limit {
        let (size, here) = (norm(x) / norm(direction), try loss(0))
        // By how much rounding moves the loss, seen where the step is hardly more than that.
        let rounding = try (1...4).map { try abs(loss(Double($0) * 1e-15 * size) - here) }
            .reduce(Double.ulpOfOne * abs(here), max)
        var best = Limit(value: 0, uncertainty: .infinity)
        for relative in [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2] {
            let found = try limit(step: relative * size, rounding: rounding)
            guard abs(found.value - best.value) <= found.uncertainty + best.uncertainty else { break }
            if found.uncertainty < best.uncertainty { best = found }
        }
        return best
    }

    /// From steps of 1, ½ and ¼, extrapolated twice. The distance of the two first extrapolations is far above the error of the
    /// second one where the loss is smooth.
    private func limit(step: Double, rounding: Double) throws -> Limit {
        let differences = try [1, 0.5, 0.25].map {
            try (loss($0 * step) - loss(-$0 * step)) / (2 * $0 * step)
        }
        let once = [
            (4 * differences[1] - differences[0]) / 3, (4 * differences[2] - differences[1]) / 3,
        ]
        return Limit(
            value: (16 * once[1] - once[0]) / 15,
            uncertainty: abs(once[1] - once[0]) + 16 * rounding / step)
    }
}

extension Tensor<Double> {
    /// 0 where x is at or next to a kink of the grammar, as the tails of gelu and tanh put it, or several of its elements are the
    /// same number, as ReLU and `clip` make them: a difference of the loss takes the mean of the kink's sides.
    fileprivate func holding(elementsAtKinksIn x: Tensor) -> Tensor {
        let near = 1e-3 * norm(x) / Double(x.shape.count).squareRoot()
        var counts: [Double: Int] = [:]
        for element in x.elements { counts[element, default: 0] += 1 }
        let elements = Swift.zip(elements, x.elements).map { direction, element in
            let isHeld = counts[element] != 1 || [-1, 0, 1, 1.5].contains { abs(element - $0) < near }
            return isHeld ? 0 : direction
        }
        return Tensor(elements, shape: shape)
    }

    /// Every channel times a number of its own.
    fileprivate func times(_ factors: [Double]) -> Tensor {
        Tensor(
            elements.enumerated().map { $1 * factors[$0 / shape.area % shape.channels] }, shape: shape)
    }
}
