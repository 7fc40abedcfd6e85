import Kernels
import ResidualNetworks

/// Gathers the traces of one analysis into its result.
struct ResultAssembly<Scalar: KernelScalar> {
    let analysis: SignalAnalysis<Scalar>
    let forward: ForwardTrace<Scalar>
    let backward: BackwardTrace<Scalar>?
    let probes: [ProbeMeasurement]
    /// `nil` where no tangent was pushed.
    let growth: RoundingGrowth?

    func result() -> AnalysisResult {
        let product = ShortcutProduct(analysis.model.units)
        var units = analysis.stages.stageOfRow.indices.map { row(at: $0, product: product) }
        let theory =
            analysis.options.comparesWithTheory ? TheoryComparison(analysis, x0: units.first) : nil
        if let theory {
            for (index, row) in theory.rows(besides: units).enumerated() { units[index].predicted = row }
        }
        let checks = IdentityChecks(
            precision: Scalar.self, units: units, probes: probes,
            firstNonFiniteUnit: forward.firstNonFiniteUnit
        ).all
        let vanishesAt = directVanishesAt(units)
        var result = AnalysisResult(
            network: summary(), loss: forward.loss, firstNonFiniteUnit: forward.firstNonFiniteUnit,
            directVanishesAtUnit: vanishesAt, shortcutProductIsExpectation: product.isExpectation,
            units: units, probes: probes, checks: checks,
            verdict: VerdictWriter(
                units: units, firstNonFiniteUnit: forward.firstNonFiniteUnit,
                directVanishesAtUnit: vanishesAt,
                canWiden: Scalar.self == Float.self,
                paper: analysis.subject.design.flatMap { PaperFinding.sentence(for: $0) },
                precision: Scalar.precisionName, directIsExact: directIsExact,
                underflows: forward.firstUnderflowUnit != nil
            ).verdict())
        result.firstUnderflowUnit = forward.firstUnderflowUnit
        result.theory = theory?.verdicts(on: units) ?? []
        return result
    }

    private func row(at l: Int, product: ShortcutProduct) -> UnitMeasurement {
        let stage = analysis.stages.stageOfRow[l]
        let shape = analysis.stages.summaries.first { $0.stage == stage }
        var unit = UnitMeasurement(unit: l, stage: stage, channels: shape?.channels ?? 0)
        if analysis.options.measuresSums { describe(&unit, l) }
        if l < forward.rows.count {
            let row = forward.rows[l]
            unit.forwardRMS = row.forwardRMS
            unit.channelMeanSquare = row.channelMeanSquare
            unit.channelVariance = row.channelVariance
            unit.forwardIdentityError = row.forwardIdentityError
            unit.negativeShare = row.negativeShare
            unit.forwardStatus = .measured
        } else {
            unit.forwardStatus = l == forward.firstNonFiniteUnit ? .notFinite : .notMeasured
        }
        if let row = backward?.rows[l] {
            unit.gradient = row.norms.gradient
            unit.direct = row.norms.direct
            unit.throughWeights = row.norms.throughWeights
            unit.decompositionError = row.norms.decompositionError
            unit.cosine = row.norms.cosine
            unit.stageDirect = row.stageDirect
            unit.stageThroughWeights = row.stageThroughWeights
        }
        unit.digitsLeft = growth.flatMap { l < $0.digitsLeft.count ? $0.digitsLeft[l] : nil }
        unit.shortcutProductLog10 = product.log10[l]
        return unit
    }

    /// Label, kind and shape, and y_l, of a model that its user knows by names.
    private func describe(_ unit: inout UnitMeasurement, _ l: Int) {
        let model = analysis.model
        unit.shape = model.rowShapes[l].axes
        guard l < model.units.count else { return }
        (unit.label, unit.kind) = (model.units[l].label, model.units[l].kind.description)
        var sum = SumMeasurement()
        sum.forwardRMS = l < forward.rows.count ? forward.rows[l].sumRMS : nil
        if let norms = backward?.sums[l] {
            (sum.gradient, sum.direct, sum.throughWeights) = (
                norms.gradient, norms.direct, norms.throughWeights
            )
            sum.cosine = norms.cosine
        }
        unit.sum = sum
    }

    /// The largest l whose direct term is exactly 0 although g_L is not.
    private func directVanishesAt(_ units: [UnitMeasurement]) -> Int? {
        guard units.last?.gradientLog10 != nil else { return nil }
        return units.last { $0.directIsZero }?.unit
    }

    /// Whether every h is λ times an identity or size-matching map, and every f the identity.
    private var directIsExact: Bool {
        let model = analysis.model
        return model.units.indices.allSatisfy { l in
            guard case .exact = model.units[l].factor else { return false }
            return model.isAfterIdentity(l)
        }
    }

    private func summary() -> NetworkSummary {
        let design = analysis.subject.design
        return NetworkSummary(
            architecture: analysis.subject.name, depth: design?.depth ?? 0,
            units: analysis.model.units.count,
            parameters: analysis.subject.parameters.reduce(0) { $0 + $1.count },
            unit: design?.layout.name ?? "", block: design?.block.name ?? "",
            shortcut: design?.shortcut.name ?? "", functions: design?.functions ?? [],
            classes: design?.classes ?? 0,
            stages: analysis.stages.summaries, expectedMemory: analysis.cost.memory)
    }
}
