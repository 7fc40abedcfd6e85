/// The published JSON Schemas (draft 2020-12), made from the fields that write the reports.
public enum JSONSchema {
    /// What a report is about; each has a document of its own.
    public enum Kind: String, Sendable, CaseIterable {
        /// One run.
        case report
        /// One network with several seeds.
        case seeds
        case comparison
        case sweep
        /// What `verify` found.
        case claims
        /// What `conform` lists.
        case conformance
        /// What `confirm` trained.
        case confirmation
        /// One run of `train`.
        case training
        /// What `evaluate` found.
        case evaluation
        /// What `inspect` found.
        case inspection
        /// What `conform` lists of a model of a file.
        case structure
    }

    /// The schema of one kind of report, as `propagate schema` prints it.
    public static func text(_ kind: Kind) -> String {
        switch kind {
        case .report: text
        case .seeds:
            schema(
                SeedJSONReport.fields, version: SeedJSONReport.schemaVersion,
                "Medians and quartiles of one residual network over several seeds.")
        case .comparison:
            schema(
                ComparisonJSONReport.fields, version: ComparisonJSONReport.schemaVersion,
                "Several residual networks measured alike and ranked.")
        case .sweep:
            schema(SweepData.fields, version: SweepData.schemaVersion, "A grid of measurements.")
        case .claims:
            schema(
                ClaimJSONReport.fields, version: ClaimJSONReport.schemaVersion,
                "The paper's statements, checked on freshly built networks.")
        case .conformance:
            schema(
                ConformanceJSONReport.fields, version: ConformanceJSONReport.schemaVersion,
                "A network's layers, and how it differs from named conventions.")
        case .confirmation:
            schema(
                ConfirmationJSON.fields, version: ConfirmationJSON.schemaVersion,
                "The rows of a table of the paper, trained.")
        case .training:
            schema(
                TrainingJSON.fields, version: TrainingJSON.schemaVersion,
                "How one network was trained, and what came of it.")
        case .evaluation:
            schema(
                EvaluationReport.fields, version: EvaluationReport.schemaVersion,
                "What a checkpoint's network does on images.")
        case .inspection:
            schema(
                InspectionJSONReport.fields, version: InspectionJSONReport.schemaVersion,
                "The residual units found in a model of a file.")
        case .structure:
            schema(
                StructureJSONReport.fields, version: StructureJSONReport.schemaVersion,
                "Units and layers of a model of a file, and what in it is rarely meant.")
        }
    }

    private static func schema<Subject>(
        _ fields: [ReportField<Subject>], version: String, _ description: String
    ) -> String {
        let nulls =
            " Null stands for what was not measured, for the logarithm of 0, and for what is not finite."
        let head: [JSONValue.Member] = [
            .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
            .init("$id", .string("urn:propagate:report:\(version)")), .init("title", "propagate report"),
            .init("description", .string(description + nulls)),
        ]
        return JSONValue.object(head + FieldType.object(fields.map(\.shape)).schema).text
    }

    public static let value = JSONValue.object(
        [
            .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
            .init("$id", .string("urn:propagate:report:\(JSONReport.schemaVersion)")),
            .init("title", "propagate report"),
            .init(
                "description",
                """
                Where the forward signal and the gradient of one residual network go. Null stands for a value \
                that was not measured, for the logarithm of 0, and for a value that is not finite. Equation \
                numbers are those of He, Zhang, Ren, Sun, "Identity Mappings in Deep Residual Networks", 2016.
                """),
        ] + FieldType.object(JSONReport.fields.map(\.shape)).schema)

    /// The schema as text, as `propagate schema` prints it.
    public static var text: String { value.text }
}
