@testable import Reporting

/// Holds a document against a schema of the keywords that `propagate schema` uses.
enum SchemaAgreement {
    /// What is wrong, each with its place; empty for a valid document.
    static func complaints(_ value: JSONValue, _ schema: JSONValue, at place: String = "$") -> [String] {
        guard case .object(let keywords) = schema else { return ["\(place): no schema"] }
        return keywords.flatMap { complaints(value, $0.key, $0.value, in: schema, at: place) }
    }

    private static func complaints(
        _ value: JSONValue, _ keyword: String, _ rule: JSONValue, in schema: JSONValue, at place: String
    ) -> [String] {
        switch (keyword, rule, value) {
        case ("$schema", _, _), ("$id", _, _), ("title", _, _), ("description", _, _): return []
        case ("type", .array(let kinds), _):
            return kinds.contains { isKind(value, $0) } ? [] : ["\(place): none of \(kinds)"]
        case ("type", _, _): return isKind(value, rule) ? [] : ["\(place): not \(rule)"]
        case ("const", _, _): return value == rule ? [] : ["\(place): not the constant"]
        case ("enum", .array(let words), _):
            return words.contains(value) ? [] : ["\(place): not a word of it"]
        case ("minimum", .integer(let least), .integer(let number)):
            return number >= least ? [] : ["\(place): below \(least)"]
        case ("minimum", _, .null): return []
        case ("items", _, .array(let elements)):
            return elements.enumerated().flatMap { complaints($1, rule, at: "\(place)[\($0)]") }
        case ("properties", .object(let fields), .object):
            return fields.flatMap { field in
                value[field.key].map { complaints($0, field.value, at: "\(place).\(field.key)") } ?? []
            }
        case ("required", .array(let names), .object(let members)):
            return names.filter { name in !members.contains { .string($0.key) == name } }
                .map { "\(place): \($0) is missing" }
        case ("additionalProperties", .boolean(false), .object(let members)):
            return members.filter { schema["properties"]?[$0.key] == nil }.map {
                "\(place): \($0.key) is unknown"
            }
        case ("additionalProperties", .object, .object(let members)):
            return members.flatMap { complaints($0.value, rule, at: "\(place).\($0.key)") }
        case ("properties", _, .null), ("required", _, .null), ("additionalProperties", _, .null),
            ("items", _, .null):
            return []
        default: return ["\(place): \(keyword) cannot be held against \(value)"]
        }
    }

    private static func isKind(_ value: JSONValue, _ kind: JSONValue) -> Bool {
        switch (value, kind) {
        case (.null, "null"), (.boolean, "boolean"), (.integer, "integer"), (.integer, "number"),
            (.number, "number"), (.string, "string"), (.array, "array"), (.object, "object"):
            true
        default: false
        }
    }
}
