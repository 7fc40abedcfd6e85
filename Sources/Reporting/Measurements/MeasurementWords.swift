import Analysis
import Foundation

/// A sentence or two for the result of each measurement.
struct MeasurementWords {
    let minus: String

    func pathLengths(_ spectrum: PathLengthSpectrum) -> String {
        let rest = spectrum.rows.first?.restShare ?? 0
        guard let row = spectrum.rows.first, let mean = row.mean, let deviation = row.standardDeviation else {
            switch spectrum.rows.first?.status {
            case .zero: return "no gradient arrives at x_0."
            case .notFinite: return "parts of the gradient at x_0 are not finite."
            case .measured, .notMeasured, nil: break
            }
            return
                "\(percent(rest)) of the gradient at x_0 took paths of more than \(spectrum.greatestLength) "
                + "branches or of no weight: ask for more with path-lengths:K."
        }
        return
            "the gradient at x_0 passed \(decimals(1, mean)) ± \(decimals(1, deviation)) branches (by squared "
            + "norm; \(percent(rest)) in lengths not followed). Σ G^(k) = g to \(error(spectrum.sumError))."
    }

    func cancellation(_ rows: [Cancellation]) -> String {
        let worst = rows.max { ($0.cancelledShare ?? 0) < ($1.cancelledShare ?? 0) }
        let least = rows.filter { $0.cosineMinimum != nil }
            .min { ($0.cosineMinimum ?? 0) < ($1.cosineMinimum ?? 0) }
        guard let worst, let least, let cosine = least.cosineMinimum else {
            return "at no x_l do both terms exist."
        }
        let share = worst.cancelledShare ?? 0
        let place =
            share > 0
            ? "in \(percent(share)) of the samples at x_\(worst.unit) the weights cancel the direct term"
            : "in no sample at any x_l do the weights cancel the direct term"
        return "\(place); the least cosine of the two is \(decimals(3, cosine)), at x_\(least.unit)."
    }

    func parameterGradients(_ rows: [ParameterGradientNorm]) -> String {
        let layers = rows.filter { $0.isWeightLayer && $0.gradientLog10 != nil }
        let sorted = layers.sorted { ($0.gradientLog10 ?? 0) < ($1.gradientLog10 ?? 0) }
        guard let least = sorted.first, let most = sorted.last else { return "every gradient is 0." }
        return
            "norms of \(Quantity.counted(layers.count, "weight layer")) from \(power(least.gradientLog10)) "
            + "(\(least.parameter)) to \(power(most.gradientLog10)) (\(most.parameter))."
    }

    func fits(_ fits: [DepthFit]) -> String {
        let whole = fits.filter { $0.stage == nil }.map { fit in
            let exponential = Summary.slope(
                fit.exponentialSlope, fit.exponentialSlopeStandardError, minus: minus)
            let exponent = Summary.slope(fit.powerSlope, fit.powerSlopeStandardError, minus: minus)
            let law =
                fit.better == .power ? "exponent \(exponent ?? "")" : "\(exponential ?? "") decades a unit"
            return "\(fit.quantity) \(Self.law(fit.better)), \(law)"
        }
        return whole.isEmpty
            ? "too few rows have a value."
            : "over \(Self.wholeNetwork(fits)): \(whole.joined(separator: "; "))."
    }

    func jacobian(_ spectrum: JacobianSpectrum) -> String {
        let smallest = spectrum.smallestLog10.map { power($0) } ?? "0"
        let direct = spectrum.directMeanSquareLog10.map { power($0) } ?? "0"
        let standardError = decimals(1, 100 * spectrum.meanSquareRelativeStandardError)
        return "singular values of ∂x_\(spectrum.to)/∂x_\(spectrum.from): largest at least "
            + "\(power(spectrum.largestLog10)), smallest at most \(smallest); mean square "
            + "\(power(spectrum.meanSquareLog10)) ± \(standardError) %, that of the shortcuts alone \(direct)."
    }

    func correlation(_ rows: [GradientCorrelation]) -> String {
        let (first, last) = (rows.first?.meanCosine, rows.last?.meanCosine)
        return "mean cosine of ∂E/∂x_l between samples: \(first.map { decimals(4, $0) } ?? "none") at x_0, "
            + "\(last.map { decimals(4, $0) } ?? "none") at x_L."
    }

    func lineCorrelation(_ correlation: LineCorrelation) -> String {
        guard let first = correlation.lengths.first, let nearest = first.nearestCosine,
            let farthest = first.farthestCosine, let least = correlation.distances.first
        else { return "at x_0 no point has a gradient." }
        let length = first.correlationLength
        let reach =
            switch length {
            case nil: "stays above 1/e up to there"
            case least?: "is below 1/e at t = \(NumberStyle.significant(2).text(least, minus: minus)) already"
            case let length?: "falls to 1/e at t = \(NumberStyle.significant(2).text(length, minus: minus))"
            }
        return "the cosine of a logit's gradient at x_0 between an image and t of the way to another "
            + "\(reach); \(decimals(4, nearest)) at t = \(NumberStyle.significant(2).text(least, minus: minus)), "
            + "\(decimals(4, farthest)) at t = 1 (\(Quantity.counted(correlation.lines, "line")))."
    }

    func signalPropagation(_ rows: [SignalPropagation]) -> String {
        func most(_ value: (SignalPropagation) -> Double?) -> String {
            rows.compactMap(value).max().map { NumberStyle.significant(3).text($0, minus: minus) } ?? "none"
        }
        return "at most, average channel squared mean \(most(\.averageChannelSquaredMean)), average channel "
            + "variance \(most(\.averageChannelVariance)), residual average variance "
            + "\(most(\.residualAverageVariance))."
    }

    /// What a fit without a stage is over: in that it differs from the slopes of the verdict.
    static func wholeNetwork(_ fits: [DepthFit]) -> String {
        fits.contains { $0.stage != nil } ? "all rows, changes of size included" : "all rows"
    }

    static func law(_ law: DepthFit.Law?) -> String {
        switch law {
        case .exponential: "exponential"
        case .power: "power law"
        case nil: "either law"
        }
    }

    /// 3.2e−102 from its logarithm, for numbers no Double could hold and terminals that know no superscripts.
    private func power(_ log10: Double?) -> String {
        guard let log10, log10.isFinite else { return "0" }
        guard !(-3..<5).contains(log10) else {
            return NumberStyle.significant(3).text(pow(10, log10), minus: minus)
        }
        let exponent = log10.rounded(.down)
        let mantissa = NumberStyle.decimals(1).text(pow(10, log10 - exponent))
        return "\(mantissa)e\(NumberStyle.count.text(exponent, minus: minus))"
    }
    private func decimals(_ count: Int, _ value: Double) -> String {
        NumberStyle.decimals(count).text(value, minus: minus)
    }
    private func error(_ value: Double?) -> String {
        value.map { NumberStyle.error.text($0, minus: minus) } ?? "rounding"
    }
    private func percent(_ share: Double) -> String {
        NumberStyle.significant(2).text(100 * share, minus: minus) + " %"
    }
}
