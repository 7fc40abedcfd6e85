import Expressions
import Foundation
import ResidualNetworks

/// h, f and the branch's factor of every unit of a design before training, as theory takes them, and its activations.
final class UnitRules {
    /// h at a unit.
    enum Shortcut {
        /// Factors of A(x) and of F(x).
        case factors(any PredictableShortcut)
        /// φ∘A for a function φ.
        case elementwise(any Activation)
    }

    /// One unit's.
    struct Rule {
        let position: UnitPosition
        let shortcut: Shortcut
        /// β_l, and the share of samples that keep their branch.
        let scale: Double
        let kept: Double
        /// Share of the elements that h keeps; `nil` where it drops none.
        let keptShare: Double?
        /// Equal where two units of a stage do the same.
        let kind: Int
    }

    let rules: [Rule]
    let order: [ActivationLayer]
    /// Whether f rectifies in every unit.
    let rectifies: Bool
    private let design: NetworkDesign
    private let afterActivation: any ActivationDesign
    private let formulas = FormulaActivations()
    private var fixed: (any Activation)?
    private(set) var stem = StemLaw.rectified

    /// - Throws: `PredictionError`.
    init(_ design: NetworkDesign) throws(PredictionError) {
        guard let after = design.afterAddition.layers else {
            throw .unknownAfterAddition(unit: design.layout.name)
        }
        self.design = design
        order = after.order
        afterActivation = after.activation
        var (rules, kinds, checked) = ([Rule](), [Kind: Int](), Set<String>())
        var rectifies = after.order.contains(.activation)
        let placed = [design.activation, after.activation].map(PlaceDependence.init).max() ?? .none
        for position in design.positions {
            let shortcut = try Self.valued { try design.shortcut.resolved(at: position) }
            let scale = try Self.valued { try design.branchModulation.scale?.value(at: position) } ?? 1
            let dropped =
                try Self.valued { try design.branchModulation.dropPath?.dropProbability(at: position) } ?? 0
            try PredictionError.requireRange(scale, of: "the factors of the branch")
            let theory = try Self.theory(of: shortcut, formulas, &checked)
            if rectifies, rules.isEmpty || PlaceDependence(after.activation) != .none {
                rectifies = try formulas.activation(after.activation, at: position) is RectifierActivation
            }
            let kind = Kind(
                shortcut: shortcut.name, scale: scale, dropped: dropped, place: placed.place(position))
            rules.append(
                Rule(
                    position: position, shortcut: theory, scale: scale, kept: 1 - dropped,
                    keptShare: shortcut.keptShare, kind: kinds[kind, default: kinds.count]))
            if kinds[kind] == nil { kinds[kind] = kinds.count }
        }
        self.rules = rules
        self.rectifies = rectifies
        let activation = try activation(at: stemPosition)
        if !(activation is RectifierActivation) { stem = StemLaw(activation) }
        // Whatever has no expectation at N(0, 1) is refused before anything is computed.
        for rule in rules where rule.position.index == 0 || placed != .none {
            _ = try self.activation(at: rule.position)
            if order.contains(.activation) {
                _ = try formulas.activation(afterActivation, at: rule.position)
            }
        }
    }

    /// Where units differ, and where their functions read nothing but what all units of a stage share.
    private struct Kind: Hashable {
        let shortcut: String
        let scale: Double
        let dropped: Double
        let place: Int
    }

    /// The position of the stem's activation, and of the head's.
    var stemPosition: UnitPosition {
        UnitPosition(
            index: 0, count: design.unitCount, stage: 0, width: design.stemOutput.channels)
    }
    func headPosition(width: Int) -> UnitPosition {
        UnitPosition(
            index: design.unitCount, count: design.unitCount, stage: design.architecture.stages.count - 1,
            width: width)
    }

    /// Whether elements remember their past, and what does it is no rectifier: h, or an f other than ReLU.
    private(set) lazy var remembersOtherwise: Bool =
        rules.contains(where: \.isElementwise) || (order.contains(.activation) && !rectifies)

    /// Whether f is more than a slope on either side of 0.
    private(set) lazy var hasSmoothFunctionAfter: Bool =
        order.contains(.activation)
        && rules.contains { (try? afterActivation(at: $0.position)) is IntegratedActivation }

    /// Whether every function is ReLU or a factor.
    private(set) lazy var isOfRelu: Bool =
        stem.isRectified && !rules.contains(where: \.isElementwise)
        && (rectifies || !order.contains(.activation))

    /// Whether the activation is the same everywhere.
    private(set) lazy var hasOneActivation = PlaceDependence(design.activation) == .none

    /// Whether the branches of a stage's units are the same.
    private(set) lazy var sharesBranches = PlaceDependence(design.activation) != .unit

    /// The design's activation.
    func activation(at position: UnitPosition) throws(PredictionError) -> any Activation {
        if let fixed { return fixed }
        let found = try formulas.activation(design.activation, at: position)
        if PlaceDependence(design.activation) == .none { fixed = found }
        return found
    }

    /// That of f.
    func afterActivation(at position: UnitPosition) throws(PredictionError) -> any Activation {
        try formulas.activation(afterActivation, at: position)
    }

    private static func theory(
        of shortcut: any ShortcutDesign, _ formulas: FormulaActivations, _ checked: inout Set<String>
    ) throws(PredictionError) -> Shortcut {
        if let shortcut = shortcut as? any PredictableShortcut {
            if checked.insert(shortcut.name).inserted {
                for node in shortcut.modulation(gateVariance: 1, gateCorrelation: 0.3).nodes {
                    try PredictionError.requireRange(
                        node.shortcut, of: "the factors of the shortcut \(shortcut.name)")
                    try PredictionError.requireRange(
                        node.branch, of: "the factors of the shortcut \(shortcut.name)")
                }
            }
            return .factors(shortcut)
        }
        guard let shortcut = shortcut as? ExpressionShortcut else {
            throw .unknownShortcut(name: shortcut.name)
        }
        return .elementwise(try formulas.cached(shortcut.formula.expression))
    }

    private static func valued<Value>(_ value: () throws -> Value) throws(PredictionError) -> Value {
        do { return try value() } catch { throw .noValue(reason: "\(error)") }
    }
}

extension UnitRules.Rule {
    /// h where it is a factor.
    var factors: (any PredictableShortcut)? {
        if case .factors(let shortcut) = shortcut { shortcut } else { nil }
    }

    /// h where it is no factor.
    var function: (any Activation)? {
        if case .elementwise(let function) = shortcut { function } else { nil }
    }

    /// a and c with |h(f(x))| ≤ a|x| + c, where h or f is no factor, as far as places up to 1000 tell.
    func growth(behind f: any Activation) -> (factor: Double, offset: Double) {
        func size(_ place: Double) -> Double {
            let x = f.partMoments(mean: place, variance: 0).mean
            return abs(function?.partMoments(mean: x, variance: 0).mean ?? x)
        }
        let factor = [30.0, 100, 1000].flatMap { [size($0) / $0, size(-$0) / $0] }.max() ?? 1
        let near = stride(from: -10.0, through: 10, by: 0.125)
        return (factor, near.map { size($0) - factor * abs($0) }.reduce(0, max))
    }

    var isElementwise: Bool {
        if case .elementwise = shortcut { true } else { false }
    }

    /// What multiplies the two paths.
    func modulation(gateVariance: Double, gateCorrelation: Double) -> PathModulation {
        let own: PathModulation =
            switch shortcut {
            case .factors(let shortcut):
                shortcut.modulation(gateVariance: gateVariance, gateCorrelation: gateCorrelation)
            case .elementwise: .scaling(1, 1)
            }
        return own.scalingBranch(by: scale, kept: kept)
    }
}

/// What of a unit's position a design's function reads.
enum PlaceDependence: Comparable {
    case none, stage, unit

    /// Functions of a program's own may read anything.
    init(_ design: any ActivationDesign) {
        guard let design = design as? FormulaActivation else {
            self = design is ReluActivation ? .none : .unit
            return
        }
        let parts = [design.formula.expression] + design.formula.initials.values
        let symbols = Expression.Symbol.allCases.filter { symbol in parts.contains { $0.contains(symbol) } }
        self =
            symbols.contains(.unit) || symbols.contains(.depth)
            ? .unit
            : symbols.contains(.stage) || symbols.contains(.width) || symbols.contains(.units)
                ? .stage : .none
    }

    /// Equal for two positions of a stage where it reads the same.
    func place(_ position: UnitPosition) -> Int { self == .unit ? position.index : position.stage }
}
