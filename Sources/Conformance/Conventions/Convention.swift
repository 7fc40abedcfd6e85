import ResidualNetworks

/// How the paper, or a public implementation, makes the choices that are left open.
public struct Convention: Sendable {
    /// The word for it, such as `authors-lua`.
    public let name: String
    /// What it is, and where it can be read.
    public let source: String
    public let recipe: TrainingRecipe
    /// What it offers; its choices stand beside those of a configuration of another architecture as the first has
    /// them.
    let families: [ConventionFamily]
    /// Units that it offers, by name.
    let units: [String]
    /// Whether it has shortcuts other than the identity.
    let hasOtherShortcuts: Bool
    /// Whether a bottleneck's stride stands on its 3×3 filter, or on its first 1×1.
    let stridesOnSpatialFilter: Bool
    /// Whether a pre-activation unit's subsampling reads what the branch reads, as its projection does.
    let subsamplesActivated: Bool
    let classifier: String

    /// Its choices where a configuration of this block and unit is asked for.
    public func choices(for design: NetworkDesign) -> Choices {
        let isPreactivation = design.layout.isPreactivation
        let isSpatial = stridesOnSpatialFilter && design.block.layers.count > 2
        let position = isSpatial ? 1 : 0
        let family = family(of: design) ?? families[0]
        let block = family.block(like: design.block) ?? family.blocks.last ?? design.block
        let isProjection = block.matching == .projection
        var choices: Choices = [
            .architecture: family.architecture.name, .width: String(family.architecture.baseWidth),
            .block: offered(design.block.name, among: family.blocks.map(\.name)),
            .unit: offered(design.layout.name, among: units),
            .shortcut: hasOtherShortcuts ? design.shortcut.name : IdentityShortcut().name,
            .functions: Wording.nothing,
            .stride: Wording.stride(
                kernel: design.block.layers[position].kernel, isFirst: position == 0),
            .sizeChange: isProjection ? Wording.projection : Wording.subsampling,
            .sizeChangeInput: isPreactivation && (isProjection || subsamplesActivated)
                ? Wording.activated : Wording.plain,
            .lastActivation: lastActivation(of: design.layout),
            .weights: Wording.fanOut, .classifier: classifier,
        ]
        if isPreactivation { choices[.firstUnit] = Wording.activatedStem }
        if isProjection {
            choices[.projectionNormalization] = isPreactivation ? Wording.nothing : Wording.normalization
        }
        return choices
    }

    /// Its network of a design's depth, block, unit, classes and input, with the functions of these units; `nil` where it
    /// does not offer one.
    public func counterpart(of design: NetworkDesign) -> NetworkDesign? {
        guard units.contains(design.layout.name), let family = family(of: design),
            let block = family.block(like: design.block)
        else { return nil }
        var counterpart = design
        counterpart.block = block
        counterpart.baseWidth = family.architecture.baseWidth
        (counterpart.activation, counterpart.after) = (ReluActivation(), nil)
        counterpart.branchModulation = BranchModulation()
        if !hasOtherShortcuts { counterpart.shortcut = IdentityShortcut() }
        return counterpart
    }

    private func family(of design: NetworkDesign) -> ConventionFamily? {
        families.first { $0.architecture.name == design.architecture.name }
    }

    private func offered(_ name: String, among names: [String]) -> String {
        names.contains(name) ? name : names.joined(separator: " or ")
    }

    private func lastActivation(of layout: UnitLayout) -> String {
        let words = layout.leading.map { $0 == .normalization ? "BN" : "ReLU" }
        return words.isEmpty ? Wording.nothing : words.joined(separator: " ")
    }
}
