import Graphs

/// A design with few units a stage, and what to add for the units left out: counts of a network that nobody could
/// build, from networks that take no time.
///
/// Formulas see the positions of the first units of each stage: one that is another function further on is counted as there.
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
        let outline = design.represented { outline in
            outline.unitsPerStage = design.unitsPerStage.map { $0 > 3 ? 2 + $0 % 2 : $0 }
        }
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

extension DesignOutline {
    /// Elements that a plan holds.
    public struct HeldElements: Sendable {
        /// Between the forward and the backward pass.
        public let kept: Double
        /// Recomputed, at a time.
        public let recomputed: Double

        public var total: Double { kept + recomputed }

        public init(kept: Double, recomputed: Double) {
            self.kept = kept
            self.recomputed = recomputed
        }
    }

    /// What a plan for the whole design holds.
    ///
    /// - Parameter plan: of a design and a form of checkpointing; with the elements of rows that stay in any case.
    public func heldElements(
        _ checkpointing: Checkpointing,
        by plan: (NetworkDesign, Checkpointing) throws -> (
            model: NetworkModel, evaluation: EvaluationPlan, stayingRows: Double
        )
    ) rethrows -> HeldElements {
        // Segments are no sum over pairs of units: they are put together from units that are recomputed one by one.
        let counted = checkpointing == .segments ? .units : checkpointing
        var widest = 0.0
        let totals = try extrapolated { design in
            let (model, evaluation, staying) = try plan(design, counted)
            widest = max(widest, Double(model.model.largestRow))
            return [evaluation.keptElements, evaluation.recomputedElements, model.model.rowElements, staying]
        }
        let (kept, inside, rows) = (totals[0], totals[1], totals[2])
        guard checkpointing == .segments else { return HeldElements(kept: kept, recomputed: inside) }
        let unit = inside + widest
        let length = Double(Checkpointing.segmentLength(rows: rows, unit: unit))
        return HeldElements(
            kept: kept - rows + min(rows, rows / length + widest + totals[3]), recomputed: length * unit)
    }
}
