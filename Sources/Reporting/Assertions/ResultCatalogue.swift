import NumericalMethods

/// Every number and every word of a report by name, read off the fields that write it: what can be measured can be asserted.
struct ResultCatalogue: Sendable {
    let results: [NamedResult]

    /// Of the report of one network; the manifest says what was asked for, not what was measured.
    static let report = ResultCatalogue(JSONReport.fields.map(\.shape).filter { $0.name != "manifest" })

    init(_ fields: [FieldShape]) { results = fields.flatMap { Self.results(of: $0, under: []) } }

    /// The result that a name means: all its keys, or the last of them. Of several results with one last key it means
    /// the one nearest to the top.
    func result(named name: String) throws(AssertionError) -> NamedResult {
        if let exact = results.first(where: { $0.name == name }) { return exact }
        let short = Self.nearestToTop(results.filter { $0.shortName == name })
        if short.count == 1 { return short[0] }
        guard short.isEmpty else { throw .ambiguousName(name, meanings: short.map(\.name)) }
        let known = names
        let closest = ClosestMatch.find(name, in: known) ?? ClosestMatch.find(name, in: results.map(\.name))
        throw .unknownName(name, closest: closest, known: known)
    }

    /// The shortest name that means each.
    var names: [String] {
        let namesakes = Dictionary(grouping: results, by: \.shortName).mapValues(Self.nearestToTop)
        return results.map { namesakes[$0.shortName] == [$0] ? $0.shortName : $0.name }
    }

    private static func nearestToTop(_ results: [NamedResult]) -> [NamedResult] {
        let least = results.map(\.path.count).min()
        return results.filter { $0.path.count == least }
    }

    private static func results(of field: FieldShape, under path: [String]) -> [NamedResult] {
        let path = path + [field.name]
        return switch field.type.whereMeasured {
        case .object(let fields): fields.flatMap { results(of: $0, under: path) }
        case .array(of: .object(let columns)):
            columns.filter { $0.type.isNumeric || $0.type.words != nil }.map {
                NamedResult(
                    path: path, column: $0.name, words: $0.type.words, documentation: $0.documentation)
            }
        case let type where type.isNumeric || type.words != nil:
            [NamedResult(path: path, column: nil, words: type.words, documentation: field.documentation)]
        default: []
        }
    }
}

extension FieldType {
    /// The type of what is not null.
    fileprivate var whereMeasured: FieldType {
        if case .optional(let type) = self { type } else { self }
    }

    /// What a word can be; `nil` for all else.
    fileprivate var words: [String]? {
        if case .oneOf(let words) = whereMeasured { words } else { nil }
    }

    fileprivate var isNumeric: Bool {
        switch self {
        case .integer, .optionalInteger, .number, .boolean, .optionalBoolean: true
        default: false
        }
    }
}
