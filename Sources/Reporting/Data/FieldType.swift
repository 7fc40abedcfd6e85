/// What a JSON value of the report can be: the part of a field from which the JSON Schema is made.
indirect enum FieldType: Sendable {
    case integer
    case optionalInteger
    /// A number, or null where it was not measured, is exactly 0 under a logarithm, or is not finite.
    case number
    case boolean
    case optionalBoolean
    case string
    case constant(String)
    case oneOf([String])
    case array(of: FieldType)
    case object([FieldShape])
    /// Null where the whole was not measured.
    case optional(FieldType)
    /// An object whose keys are not known beforehand and whose values are strings.
    case stringsByName
    /// The same with whole numbers, or null.
    case integersByName

    /// The JSON Schema keywords (draft 2020-12) that describe the type.
    var schema: [JSONValue.Member] {
        switch self {
        case .integer: [.init("type", "integer"), .init("minimum", 0)]
        case .optionalInteger: [.init("type", ["integer", "null"]), .init("minimum", 0)]
        case .number: [.init("type", ["number", "null"])]
        case .boolean: [.init("type", "boolean")]
        case .optionalBoolean: [.init("type", ["boolean", "null"])]
        case .string: [.init("type", "string")]
        case .constant(let word): [.init("const", .string(word))]
        case .oneOf(let words): [.init("enum", .array(words.map(JSONValue.string)))]
        case .array(let element): [.init("type", "array"), .init("items", .object(element.schema))]
        case .object(let fields): FieldType.objectSchema(fields)
        case .optional(let type): FieldType.orNull(type.schema)
        case .stringsByName:
            [.init("type", "object"), .init("additionalProperties", ["type": "string"])]
        case .integersByName:
            [
                .init("type", "object"),
                .init("additionalProperties", .object(FieldType.optionalInteger.schema)),
            ]
        }
    }

    private static func orNull(_ schema: [JSONValue.Member]) -> [JSONValue.Member] {
        schema.map { member in
            switch (member.key, member.value) {
            case ("type", let type): .init("type", [type, "null"])
            case ("enum", .array(let words)): .init("enum", .array(words + [.null]))
            default: member
            }
        }
    }

    private static func objectSchema(_ fields: [FieldShape]) -> [JSONValue.Member] {
        let properties = fields.map { field in
            JSONValue.Member(
                field.name, .object([.init("description", .string(field.documentation))] + field.type.schema))
        }
        return [
            .init("type", "object"), .init("properties", .object(properties)),
            .init("required", .array(fields.map { .string($0.name) })),
            .init("additionalProperties", false),
        ]
    }
}

/// Name, meaning and type of a field, without the way to read it.
struct FieldShape: Sendable {
    let name: String
    let documentation: String
    let type: FieldType
}
