/// A design with few units a stage, and what to add for the units left out: counts of a network that nobody could
/// build, from networks that take no time.
///
/// Past the first of a stage all units are alike but for what is kept of every second, so each two more units add
/// to a count what two more added to the outline.
public struct DesignOutline: Sendable {
    /// A stage that goes on.
    public struct Extension: Sendable {
        /// The outline with two units more in one stage.
        public let longer: NetworkDesign
        /// How often these two units are repeated.
        public let pairs: Int
    }

    public let outline: NetworkDesign
    public let extensions: [Extension]

    public init(of design: NetworkDesign) {
        var outline = design
        outline.unitsPerStage = design.unitsPerStage.map { $0 > 3 ? 2 + $0 % 2 : $0 }
        self.outline = outline
        extensions = design.unitsPerStage.indices.compactMap { stage in
            let pairs = (design.unitsPerStage[stage] - outline.unitsPerStage[stage]) / 2
            guard pairs > 0 else { return nil }
            var longer = outline
            longer.unitsPerStage[stage] += 2
            return Extension(longer: longer, pairs: pairs)
        }
    }

    /// Counts of the whole design, from those of the outline and of what is added to it.
    ///
    /// - Parameter counts: in Double: no number of elements is too large to be told.
    public func extrapolated(_ counts: (NetworkDesign) throws -> [Double]) rethrows -> [Double] {
        let short = try counts(outline)
        return try extensions.reduce(short) { total, stage in
            let longer = try counts(stage.longer)
            return total.indices.map { total[$0] + Double(stage.pairs) * (longer[$0] - short[$0]) }
        }
    }
}
