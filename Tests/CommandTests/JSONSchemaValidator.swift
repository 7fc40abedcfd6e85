/// Holds a document against a JSON Schema of the keywords that `propagate schema` uses (draft 2020-12). A keyword
/// it does not know is a complaint, so that none is passed over in silence.
struct JSONSchemaValidator {
    private static let annotations: Set = ["$schema", "$id", "title", "description"]

    /// What is wrong, each with its place; empty for a valid document.
    static func complaints(_ value: JSON, _ schema: JSON, at place: String = "$") -> [String] {
        guard let keywords = schema.members else { return ["\(place): the schema is no object"] }
        return keywords.flatMap { keyword, rule in
            annotations.contains(keyword) ? [] : complaints(value, keyword, rule, in: keywords, at: place)
        }
    }

    private static func complaints(
        _ value: JSON, _ keyword: String, _ rule: JSON, in keywords: [String: JSON], at place: String
    ) -> [String] {
        switch keyword {
        case "type":
            let kinds = rule.elements?.compactMap(\.string) ?? [rule.string].compactMap { $0 }
            return kinds.contains { isKind(value, $0) } ? [] : ["\(place): a \(value.kind) is not \(kinds)"]
        case "const": return value == rule ? [] : ["\(place): not the constant"]
        case "enum": return rule.elements?.contains(value) == true ? [] : ["\(place): not one of the words"]
        case "minimum":
            guard let number = value.number, let least = rule.number else { return [] }
            return number >= least ? [] : ["\(place): \(number) is below \(least)"]
        case "items":
            return value.elements?.enumerated().flatMap { complaints($1, rule, at: "\(place)[\($0)]") } ?? []
        case "properties":
            return rule.members?.flatMap { name, rule in
                value[name].map { complaints($0, rule, at: "\(place).\(name)") } ?? []
            } ?? []
        case "required":
            // It speaks of objects only: null may be allowed beside them.
            guard value.members != nil else { return [] }
            let names = rule.elements?.compactMap(\.string) ?? []
            return names.filter { value[$0] == nil }.map { "\(place): \($0) is missing" }
        case "additionalProperties":
            let known = keywords["properties"]?.members ?? [:]
            let others = value.members?.filter { known[$0.key] == nil } ?? [:]
            return others.flatMap { name, value in
                rule == .boolean(false)
                    ? ["\(place): \(name) is unknown"] : complaints(value, rule, at: "\(place).\(name)")
            }
        default: return ["\(place): the validator does not know the keyword \(keyword)"]
        }
    }

    private static func isKind(_ value: JSON, _ kind: String) -> Bool {
        kind == value.kind || kind == "integer" && value.number.map { $0 == $0.rounded() } == true
    }
}
