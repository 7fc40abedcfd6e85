import Analysis
import Foundation
import Tensors

/// Measurements made by formula, for the twelve units of `SyntheticResult.small`.
enum SyntheticMeasurements {
    static func result() -> AnalysisResult {
        var result = SyntheticResult.small()
        result.measurements = all()
        return result
    }

    static func all() -> MeasurementResults {
        var measured = MeasurementResults(costs: [
            MeasurementCost(name: "path-lengths:40", backwardPasses: 13, bytes: 17 << 20),
            MeasurementCost(name: "fits", backwardPasses: 0, bytes: 0),
        ])
        measured.omissions = [
            .init(name: "jacobian:0-99", reason: "There is no x_99: the last is x_12, the input of the head.")
        ]
        measured.pathLengths = pathLengths()
        measured.cancellation = (0...12).map { unit in
            var row = Cancellation(unit: unit)
            row.cancelledShare = unit == 3 ? 0.0625 : 0
            guard unit < 12 else { return row }
            row.cosineMinimum = -0.25 - 0.015625 * Double(unit % 3)
            row.cosineLowerQuartile = -0.0625
            row.cosineMedian = 0.015625
            row.cosineUpperQuartile = 0.125
            row.cosineMaximum = 0.25
            return row
        }
        measured.parameterGradients = (0..<12).flatMap { unit in
            ["branch.bn1.bias", "branch.conv1.weight", "branch.conv2.weight"].map { part in
                ParameterGradientNorm(
                    parameter: "units.\(unit).\(part)", unit: unit, count: 2304,
                    gradient: LogNorm(part.contains("bn") ? nil : -0.5 + 0.125 * Double(unit % 4)),
                    value: .log10(0.75))
            }
        }
        measured.fits = [
            DepthFit(
                quantity: "gradient", stage: nil, count: 12, exponentialSlope: 0.125,
                exponentialSlopeStandardError: 0.0078125, exponentialResidualSquares: 0.25, powerSlope: 0.875,
                powerSlopeStandardError: 0.03125, powerResidualSquares: 0.0625, better: .power)
        ]
        measured.correlation = (0...12).map {
            GradientCorrelation(
                unit: $0, meanCosine: -0.03125 * Double($0), meanAbsoluteCosine: 0.03125 * Double($0),
                pairs: 120)
        }
        measured.lineCorrelation = LineCorrelation(
            distances: [0.25, 0.5, 1], lines: 4,
            rows: (0...12).map { .init(unit: $0, cosines: [0.75, 0.25 + 0.03125 * Double($0), 0.125]) },
            reportedUnits: [0, 7])
        measured.signalPropagation = (0...12).map { unit in
            var row = SignalPropagation(unit: unit)
            row.averageChannelSquaredMean = 0.25
            row.averageChannelVariance = 1 + 0.5 * Double(unit)
            row.residualAverageVariance = unit == 12 ? nil : 0.75
            return row
        }
        measured.jacobian = jacobian()
        return measured
    }

    private static func pathLengths() -> PathLengthSpectrum {
        let rows = (0...12).map { unit in
            PathLengthSpectrum.Row(
                unit: unit, mean: 0.5 * Double(12 - unit), standardDeviation: 0.25 * Double(12 - unit),
                lengths: 13 - unit, restShare: 1e-9)
        }
        let shares = [0.015625, 0.09375, 0.234375, 0.3125, 0.234375, 0.09375, 0.015625]
        let distributions = [0, 7].flatMap { unit in
            shares.enumerated().map { k, share in
                PathLengthSpectrum.Length(unit: unit, length: k, log10: -1 + 0.5 * log10(share), share: share)
            }
        }
        return PathLengthSpectrum(
            greatestLength: 12, smallestShare: 5e-9, rows: rows, distributions: distributions, sumError: 4e-7,
            directError: 1e-7)
    }

    private static func jacobian() -> JacobianSpectrum {
        JacobianSpectrum(
            from: 0, to: 12, inputElements: 262_144, outputElements: 131_072, steps: 16, largestLog10: 150.5,
            largestRelativeError: 0.125, smallestLog10: 148.25, smallestRelativeError: 0.5,
            meanSquareLog10: 299.75, meanSquareRelativeStandardError: 0.015625, directMeanSquareLog10: -101.5,
            probes: 8)
    }
}
