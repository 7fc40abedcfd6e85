/// The published JSON Schema of `report.json` (draft 2020-12), made from the fields that write the report.
public enum JSONSchema {
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
