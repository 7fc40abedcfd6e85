import Prediction
import ResidualNetworks

/// A prediction as JSON; keys as in the report of a measurement, norms relative to ‖g_L‖.
public enum PredictionJSON {
    /// Changes when a key is renamed, removed or given another meaning.
    public static let schemaVersion = "1.0"

    public static func text(
        _ trace: PredictedTrace, functions: [DesignFunction], manifest: RunManifest
    ) -> String {
        let value: JSONValue = [
            "schema_version": .string(schemaVersion),
            "manifest": JSONReport.manifestFields.object(of: manifest),
            "configuration": .sorted(manifest.configuration),
            "functions": .array(functions.map { JSONReport.functionFields.object(of: $0) }),
            "seeds": .integer(trace.seeds),
            "path_length_mean": .finite(trace.pathLengths.mean),
            "path_length_standard_deviation": .finite(trace.pathLengths.standardDeviation),
            "mean_squared_singular_value_log10": .finite(trace.meanSquaredSingularValueLog10),
            "units": .array(
                trace.units.indices.map { index in
                    row(
                        trace.units[index],
                        share: index < trace.pathLengths.branchShares.count
                            ? trace.pathLengths.branchShares[index] : nil)
                }),
        ]
        return value.text
    }

    private static func row(_ unit: PredictedUnit, share: Double?) -> JSONValue {
        [
            "unit": .integer(unit.unit), "channels": .integer(unit.channels),
            "forward_rms_log10": .finite(unit.forwardRMSLog10),
            "forward_rms_log10_deviation": .finite(unit.forwardDeviation),
            "channel_mean_square_log10": .finite(unit.channelMeanSquareLog10),
            "channel_variance_log10": .finite(unit.channelVarianceLog10),
            "gradient_log10": .finite(unit.gradientLog10),
            "gradient_log10_deviation": .finite(unit.gradientDeviation),
            "direct_log10": .finite(unit.directLog10),
            "direct_log10_deviation": .finite(unit.directDeviation),
            "through_weights_log10": .finite(unit.throughWeightsLog10),
            "branch_share": .finite(share),
        ]
    }
}
