import Claims

/// The findings as JSON, every number as it was measured.
public enum ClaimJSONReport {
    /// Changes when a key is renamed, removed or given another meaning.
    public static let schemaVersion = "claims-1.0"

    public static func text(_ report: ClaimReport, manifest: RunManifest) -> String {
        fields.object(of: Subject(report: report, manifest: manifest)).text
    }

    struct Subject: Sendable {
        let report: ClaimReport
        let manifest: RunManifest
    }

    static let fields: [ReportField<Subject>] = [
        .constant("schema_version", "Version of this document's structure.", schemaVersion),
        .object("manifest", "The run, enough to repeat it.", JSONReport.manifestFields) { $0.manifest },
        .string("precision", "single or double.") { $0.report.precision },
        .string("seed", "Seed of everything drawn, in decimal: it may exceed what a JSON number holds.") {
            String($0.report.seed)
        },
        .boolean("all_hold", "Every claim holds.") { $0.report.allHold },
        .rows("claims", "One per claim, in the paper's order.", claimFields) { $0.report.findings },
        .rows("functions", "Functions of one's own that they are made of.", JSONReport.functionFields) {
            $0.report.functions
        },
        .rows("omitted", "Claims of the paper that cannot be made of one's own functions.", omittedFields) {
            $0.report.omitted
        },
    ]

    static let omittedFields: [ReportField<OmittedClaim>] = [
        .string("name", "The claim's word.") { $0.name }, .string("reason", "Why not.") { $0.reason },
    ]

    static let claimFields: [ReportField<ClaimFinding>] = [
        .string("name", "The claim's word.") { $0.name },
        .string("statement", "What is claimed.") { $0.statement },
        .string("place", "Where the paper makes it.") { $0.place },
        .boolean("passed", "Every requirement holds.") { $0.passed },
        .rows("measurements", "The numbers it stands on.", measurementFields) { $0.measurements },
        .string("remark", "What a simpler form of the statement gets wrong; empty where there is none.") {
            $0.remark ?? ""
        },
    ]

    static let measurementFields: [ReportField<ClaimMeasurement>] = [
        .string("quantity", "What was measured, with its unit.") { $0.quantity },
        .number("value", "Null where it is not finite.") { $0.value },
        .number("least", "The smallest value allowed; null where there is none.") { $0.bounds.least },
        .number("greatest", "The largest value allowed; null where there is none.") { $0.bounds.greatest },
        .string("reason", "Why these bounds, or what the number says.") { $0.reason },
        .optionalBoolean("holds", "It is within the bounds; null where there are none.") { $0.holds },
    ]
}

extension ClaimMeasurement {
    fileprivate var bounds: (least: Double?, greatest: Double?) {
        switch requirement {
        case .atMost(let bound)?: (nil, bound)
        case .atLeast(let bound)?: (bound, nil)
        case .near(let expected, let tolerance)?: (expected - tolerance, expected + tolerance)
        case nil: (nil, nil)
        }
    }
}
