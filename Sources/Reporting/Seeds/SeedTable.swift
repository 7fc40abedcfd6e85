import Analysis

/// The table of units over several seeds: for every measured column its median, both quartiles and the number
/// of seeds that have a value.
public enum SeedTable {
    static let places = UnitTable.ofNetworks.filter(\.isPlace)
    static let measured = UnitTable.ofNetworks.filter { !$0.isPlace && $0.isNumber }

    /// RFC 4180; an empty field for null. Names are those of the single table with `_median`, `_lower_quartile`,
    /// `_upper_quartile` and `_count` after them.
    public static func csv(_ statistics: SeedStatistics) -> String {
        let parts = bandFields.map(\.name)
        let heading =
            places.map(\.name) + measured.flatMap { column in parts.map { "\(column.name)_\($0)" } }
        let lines = statistics.rows.map { row in
            let numbers = measured.flatMap { column in
                bandFields.map { field in row.bands[column.name].map(field.value) ?? .null }
            }
            return (places.map { $0.field.value(row.place) } + numbers).map(\.csvCell)
        }
        return ([heading] + lines).map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    static let bandFields: [ReportField<QuartileBand>] = [
        .number("median", "Median over the seeds; null where half of them or fewer have a value.") {
            $0.median
        },
        .number("lower_quartile", "Lower quartile over the seeds.") { $0.lowerQuartile },
        .number("upper_quartile", "Upper quartile over the seeds.") { $0.upperQuartile },
        .integer("count", "Seeds that have a value.") { $0.count },
    ]
}

extension JSONValue {
    /// A number as it stands in a CSV file: exact, nothing for null.
    var csvCell: String {
        switch self {
        case .integer(let integer): integer.description
        case .number(let number): number.description
        case .string(let string): string.quotedForCSV
        case .boolean(let truth): truth.description
        default: ""
        }
    }
}

extension String {
    /// In quotes where RFC 4180 wants them.
    var quotedForCSV: String {
        contains(where: { ",\"\r\n".contains($0) })
            ? "\"" + replacing("\"", with: "\"\"") + "\"" : self
    }
}
