/// One named value of the report: what it is called, what it means and how it is read from its subject.
///
/// JSON, CSV, JSON Schema and the documentation of columns are all made from lists of these, so they cannot
/// drift apart.
public struct ReportField<Subject>: Sendable {
    let shape: FieldShape
    let value: @Sendable (Subject) -> JSONValue

    /// snake_case, the same in JSON and CSV.
    public var name: String { shape.name }
    /// The meaning, with unit and equation number.
    public var documentation: String { shape.documentation }

    private init(
        _ name: String, _ documentation: String, _ type: FieldType,
        _ value: @escaping @Sendable (Subject) -> JSONValue
    ) {
        shape = FieldShape(name: name, documentation: documentation, type: type)
        self.value = value
    }

    /// The same field, read from a part of another subject.
    func on<Whole>(_ part: @escaping @Sendable (Whole) -> Subject) -> ReportField<Whole> {
        ReportField<Whole>(shape.name, shape.documentation, shape.type) { value(part($0)) }
    }

    static func integer(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Subject) -> Int
    ) -> Self {
        Self(name, documentation, .integer) { .integer(value($0)) }
    }

    static func optionalInteger(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Subject) -> Int?
    ) -> Self {
        Self(name, documentation, .optionalInteger) { .optional(value($0)) }
    }

    static func number(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Subject) -> Double?
    ) -> Self {
        Self(name, documentation, .number) { .finite(value($0)) }
    }

    static func boolean(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Subject) -> Bool
    ) -> Self {
        Self(name, documentation, .boolean) { .boolean(value($0)) }
    }

    static func optionalBoolean(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Subject) -> Bool?
    ) -> Self {
        Self(name, documentation, .optionalBoolean) { .optional(value($0)) }
    }

    static func string(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Subject) -> String
    ) -> Self {
        Self(name, documentation, .string) { .string(value($0)) }
    }

    static func constant(_ name: String, _ documentation: String, _ word: String) -> Self {
        Self(name, documentation, .constant(word)) { _ in .string(word) }
    }

    static func word(
        _ name: String, _ documentation: String, of words: [String],
        _ value: @escaping @Sendable (Subject) -> String
    ) -> Self {
        Self(name, documentation, .oneOf(words)) { .string(value($0)) }
    }

    static func strings(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Subject) -> [String]
    ) -> Self {
        Self(name, documentation, .array(of: .string)) { .array(value($0).map(JSONValue.string)) }
    }

    static func integers(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Subject) -> [Int]
    ) -> Self {
        Self(name, documentation, .array(of: .integer)) { .array(value($0).map(JSONValue.integer)) }
    }

    static func numbers(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Subject) -> [Double]
    ) -> Self {
        Self(name, documentation, .array(of: .number)) { .array(value($0).map { .finite($0) }) }
    }

    static func optionalStrings(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Subject) -> [String]?
    ) -> Self {
        Self(name, documentation, .optional(.array(of: .string))) { subject in
            value(subject).map { .array($0.map(JSONValue.string)) } ?? .null
        }
    }

    static func integersByName(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Subject) -> [(String, Int?)]
    ) -> Self {
        Self(name, documentation, .integersByName) { subject in
            .object(value(subject).map { .init($0.0, .optional($0.1)) })
        }
    }

    static func stringsByName(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Subject) -> [String: String]
    ) -> Self {
        Self(name, documentation, .stringsByName) { .sorted(value($0)) }
    }

    static func object<Part>(
        _ name: String, _ documentation: String, _ fields: [ReportField<Part>],
        _ value: @escaping @Sendable (Subject) -> Part
    ) -> Self {
        Self(name, documentation, .object(fields.map(\.shape))) { fields.object(of: value($0)) }
    }

    static func optionalWord(
        _ name: String, _ documentation: String, _ value: @escaping @Sendable (Subject) -> String?
    ) -> Self {
        Self(name, documentation, .optional(.string)) { value($0).map(JSONValue.string) ?? .null }
    }

    static func optionalWord(
        _ name: String, _ documentation: String, of words: [String],
        _ value: @escaping @Sendable (Subject) -> String?
    ) -> Self {
        Self(name, documentation, .optional(.oneOf(words))) { value($0).map(JSONValue.string) ?? .null }
    }

    static func optionalObject<Part>(
        _ name: String, _ documentation: String, _ fields: [ReportField<Part>],
        _ value: @escaping @Sendable (Subject) -> Part?
    ) -> Self {
        Self(name, documentation, .optional(.object(fields.map(\.shape)))) { subject in
            value(subject).map { fields.object(of: $0) } ?? .null
        }
    }

    static func optionalRows<Row>(
        _ name: String, _ documentation: String, _ fields: [ReportField<Row>],
        _ value: @escaping @Sendable (Subject) -> [Row]?
    ) -> Self {
        Self(name, documentation, .optional(.array(of: .object(fields.map(\.shape))))) { subject in
            value(subject).map { .array($0.map { fields.object(of: $0) }) } ?? .null
        }
    }

    static func rows<Row>(
        _ name: String, _ documentation: String, _ fields: [ReportField<Row>],
        _ value: @escaping @Sendable (Subject) -> [Row]
    ) -> Self {
        Self(name, documentation, .array(of: .object(fields.map(\.shape)))) { subject in
            .array(value(subject).map { fields.object(of: $0) })
        }
    }
}

extension Array {
    /// The JSON object that these fields read from `subject`.
    func object<Subject>(of subject: Subject) -> JSONValue where Element == ReportField<Subject> {
        .object(map { JSONValue.Member($0.name, $0.value(subject)) })
    }
}
