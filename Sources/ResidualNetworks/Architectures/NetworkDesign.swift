import Kernels
import Tensors

/// Everything that defines a network but its parameters' values.
public struct NetworkDesign: Sendable {
    public var architecture: any Architecture
    public var block: BlockDesign
    /// As many numbers as the architecture has stages.
    public var unitsPerStage: [Int]
    public var layout: UnitLayout
    public var shortcut: any ShortcutDesign
    /// The function wherever a unit, the stem or the head say activation; not that of f.
    public var activation: any ActivationDesign = ReluActivation()
    /// f, in place of the layout's own; `nil` for that.
    public var after: LayersAfterAddition?
    /// What branches are multiplied by, beside what the shortcut does to them.
    public var branchModulation = BranchModulation()
    /// Where this is a smaller network in place of another: what formulas take its units for.
    var represented: RepresentedUnits?
    /// Base width of the first stage: inner width of a bottleneck, width of the others.
    public var baseWidth: Int
    public var classes: Int
    /// Shape of one input image (batch size 1).
    public var input: Shape

    public init(
        architecture: any Architecture = CIFARArchitecture(), block: BlockDesign, unitsPerStage: [Int],
        layout: UnitLayout = .fullPreactivation, shortcut: any ShortcutDesign = IdentityShortcut(),
        baseWidth: Int = 16, classes: Int = 10, input: Shape = Shape(1, 3, 32, 32)
    ) {
        precondition(
            unitsPerStage.count == architecture.stages.count,
            "\(unitsPerStage) units for \(architecture.stages.count) stages")
        self.architecture = architecture
        self.block = block
        self.unitsPerStage = unitsPerStage
        self.layout = layout
        self.shortcut = shortcut
        self.baseWidth = baseWidth
        self.classes = classes
        self.input = input
    }

    /// The same number of units in every stage.
    public init(
        architecture: any Architecture = CIFARArchitecture(), block: BlockDesign, unitsPerStage: Int,
        layout: UnitLayout = .fullPreactivation, shortcut: any ShortcutDesign = IdentityShortcut(),
        baseWidth: Int = 16, classes: Int = 10, input: Shape = Shape(1, 3, 32, 32)
    ) {
        self.init(
            architecture: architecture, block: block,
            unitsPerStage: architecture.stages.map { _ in unitsPerStage }, layout: layout,
            shortcut: shortcut, baseWidth: baseWidth, classes: classes, input: input)
    }

    /// f.
    public var afterAddition: any AfterAdditionDesign { after ?? layout.after }

    /// Whether its units are the layout's with another shortcut and nothing else, as all of the paper are.
    public var hasUnitsOfLayout: Bool {
        after == nil && branchModulation.isNone && activation is ReluActivation
    }

    /// Makes sure that every formula has a value at every unit; of a network that nobody can build, at the first ones.
    ///
    /// - Throws: `NetworkError.impossibleFormula`.
    public func requireFormulas() throws {
        let isTheSame = hasUnitsOfLayout && !(shortcut is ScheduledShortcut || shortcut is ExpressionShortcut)
        for index in 0..<(isTheSame ? 0 : min(unitCount, 100_000)) {
            let position = position(ofUnit: index)
            _ = try shortcut.resolved(at: position)
            _ = try branchModulation.scale?.value(at: position)
            _ = try branchModulation.dropPath?.dropProbability(at: position)
            for function in [activation, after?.activation].compactMap({ $0 as? FormulaActivation }) {
                _ = try function.formula.initial(at: position)
            }
        }
    }

    public var depth: Int { architecture.depth(unitsPerStage: unitsPerStage, block: block) }
    /// L.
    public var unitCount: Int { unitsPerStage.reduce(0, +) }

    /// Whether batch normalisation follows a projection.
    public var normalizesProjections: Bool {
        switch block.projectionNormalization {
        case .unlessPreactivated: !layout.isPreactivation
        case .always: true
        case .never: false
        }
    }

    /// Shape of x_0, batch size 1. The stem has the first stage's base width; a fully connected stem the full one.
    public var stemOutput: Shape {
        let base = (architecture.stages.first?.widths ?? 1) * baseWidth
        return architecture.stem?.output(for: input, channels: base) ?? Shape(1, base * block.expansion)
    }
}
