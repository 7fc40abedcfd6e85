import Analysis

/// The whole report as JSON: every number of a result and the run it came from.
///
/// Keys keep their order, a value that was not measured or is not finite is an explicit null, and numbers read
/// back exactly. `JSONSchema` describes the document; both are made from the same fields.
public enum JSONReport {
    /// Changes when a key is renamed, removed or given another meaning.
    public static let schemaVersion = "1.0"

    public static func value(
        _ result: AnalysisResult, manifest: RunManifest, assertions: [AssertionFinding] = []
    ) -> JSONValue {
        fields.object(of: Subject(result: result, manifest: manifest, assertions: assertions))
    }

    /// `report.json`: pretty-printed, one row of `units` per line.
    public static func text(
        _ result: AnalysisResult, manifest: RunManifest, assertions: [AssertionFinding] = []
    ) -> String {
        value(result, manifest: manifest, assertions: assertions).text
    }

    /// `manifest.json`: the manifest as it also stands in the report, and the names of the report's files.
    public static func text(_ manifest: RunManifest, files: [String]) -> String {
        let fields =
            manifestFields + [
                .strings("files", "The files of the report, relative to its folder.") { _ in files }
            ]
        return fields.object(of: manifest).text
    }

    /// What the report is read from.
    struct Subject: Sendable {
        let result: AnalysisResult
        let manifest: RunManifest
        let assertions: [AssertionFinding]
    }

    static let fields: [ReportField<Subject>] = [
        .constant("schema_version", "Version of this document's structure.", schemaVersion),
        .object("manifest", "The run, enough to repeat it.", manifestFields) { $0.manifest },
        .object("network", "What was built.", networkFields) { $0.result.network },
        .number("loss", "E: softmax cross-entropy, mean over the batch. Null after an overflow.") {
            $0.result.loss
        },
        .optionalInteger(
            "first_non_finite_unit",
            "First l whose x_l holds a value that is not finite (L + 1: the head); null when all are finite."
        ) { $0.result.firstNonFiniteUnit },
        .optionalInteger(
            "first_underflow_unit",
            "First l at which a path is smaller than its type can hold while the other is exactly 0 in places; null: none."
        ) { $0.result.firstUnderflowUnit },
        .optionalInteger(
            "direct_vanishes_at_unit",
            "Largest l at which the direct term is exactly 0 although the gradient at x_L is not; else null."
        ) { $0.result.directVanishesAtUnit },
        .number(
            "digits_left",
            "Decimal digits of x_L that the run's rounding leaves (negative: errors would outgrow it); null without probes."
        ) { $0.result.digitsLeft },
        .optionalInteger(
            "horizon",
            "First l with less than one digit left: forward values from there on, and all gradients, are one sample of a "
                + "chaotic ensemble. Null where there is none, and without probes."
        ) { $0.result.horizon },
        .boolean(
            "shortcut_product_is_expectation",
            "The shortcut product is an expectation over dropout masks, Σ log10(1 − p), not a measured product."
        ) { $0.result.shortcutProductIsExpectation },
        .rows("units", "One row per x_l, l = 0 … L.", UnitTable.columns.map(\.field)) { $0.result.units },
        .rows("probes", "Forward-mode proofs of single rows.", probeFields) { $0.result.probes },
        .rows("checks", "The identities that were checked.", checkFields) { $0.result.checks },
        .object("verdict", "The measurement in words and slopes.", verdictFields) { $0.result.verdict },
        .optionalObject(
            "measurements", "What --measure asked for; null where it asked for nothing.", measurementFields
        ) { $0.result.measurements },
        .rows(
            "theory", "The measurement held against theory's prediction for this configuration.", theoryFields
        ) { $0.result.theory },
        .strings("remarks", "What the model is, and what the measurement left out of it, in sentences.") {
            $0.result.remarks
        },
        .rows("assertions", "The conditions that the run was asked to hold.", assertionFields) {
            $0.assertions
        },
    ]
}
