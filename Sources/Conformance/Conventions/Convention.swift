import ResidualNetworks

/// How the paper, or a public implementation, makes the choices that are left open, on CIFAR.
public struct Convention: Sendable {
    /// The word for it, such as `authors-lua`.
    public let name: String
    /// What it is, and where it can be read.
    public let source: String
    public let recipe: TrainingRecipe
    /// Blocks and units that it offers, by name.
    let blocks: [String]
    let units: [String]
    /// Whether it has shortcuts other than the identity.
    let hasOtherShortcuts: Bool
    /// Whether a bottleneck's stride stands on its 3×3 filter, or on its first 1×1.
    let stridesOnSpatialFilter: Bool
    /// A of size-changing units, by block.
    let matching: @Sendable (BlockDesign) -> BlockDesign.Matching
    /// Whether a pre-activation unit's subsampling reads what the branch reads, as its projection does.
    let subsamplesActivated: Bool
    let classifier: String

    /// Its choices where a configuration of this block and unit is asked for.
    public func choices(for design: NetworkDesign) -> Choices {
        let isPreactivation = design.layout.isPreactivation
        let isSpatial = stridesOnSpatialFilter && design.block.layers.count > 2
        let position = isSpatial ? 1 : 0
        let isProjection = matching(design.block) == .projection
        var choices: Choices = [
            .architecture: CIFARArchitecture().name, .width: "16",
            .block: offered(design.block.name, among: blocks),
            .unit: offered(design.layout.name, among: units),
            .shortcut: hasOtherShortcuts ? design.shortcut.name : IdentityShortcut().name,
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

    /// Whether it has networks of this block and unit.
    public func offers(_ design: NetworkDesign) -> Bool {
        blocks.contains(design.block.name) && units.contains(design.layout.name)
    }

    /// Its network of a design's depth, block, unit, classes and input; `nil` where it does not offer one.
    public func counterpart(of design: NetworkDesign) -> NetworkDesign? {
        guard offers(design), design.architecture is CIFARArchitecture else { return nil }
        var counterpart = design
        counterpart.block = BlockDesign(
            name: design.block.name, layers: design.block.layers.map { ($0.kernel, $0.widths) },
            matching: matching(design.block))
        counterpart.baseWidth = 16
        if !hasOtherShortcuts { counterpart.shortcut = IdentityShortcut() }
        return counterpart
    }

    private func offered(_ name: String, among names: [String]) -> String {
        names.contains(name) ? name : names.joined(separator: " or ")
    }

    private func lastActivation(of layout: UnitLayout) -> String {
        let words = layout.leading.map { $0 == .normalization ? "BN" : "ReLU" }
        return words.isEmpty ? Wording.nothing : words.joined(separator: " ")
    }
}
