import Analysis

/// One column of the table of units: a field of the report and how people are shown it.
public struct UnitColumn: Sendable {
    /// Name, meaning and accessor, shared by CSV, JSON and schema.
    public let field: ReportField<UnitMeasurement>
    /// A short heading for tables that are read by people.
    let heading: String
    /// How many digits such a table shows.
    let style: NumberStyle
    /// Whether it names something, rather than saying how a number was had.
    var isName = false

    public var name: String { field.name }
    var isNumber: Bool {
        switch field.shape.type {
        case .number, .integer: true
        default: false
        }
    }
    public var documentation: String { field.documentation }

    static func count(
        _ name: String, _ heading: String, _ documentation: String,
        _ value: @escaping @Sendable (UnitMeasurement) -> Int
    ) -> UnitColumn {
        UnitColumn(field: .integer(name, documentation, value), heading: heading, style: .count)
    }

    static func number(
        _ name: String, _ heading: String, _ style: NumberStyle, _ documentation: String,
        _ value: @escaping @Sendable (UnitMeasurement) -> Double?
    ) -> UnitColumn {
        UnitColumn(field: .number(name, documentation, value), heading: heading, style: style)
    }

    static func name(
        _ name: String, _ heading: String, _ documentation: String,
        _ value: @escaping @Sendable (UnitMeasurement) -> String
    ) -> UnitColumn {
        UnitColumn(
            field: .string(name, documentation, value), heading: heading, style: .count, isName: true)
    }

    static func status(
        _ name: String, _ beginning: String,
        _ value: @escaping @Sendable (UnitMeasurement) -> MeasurementStatus
    ) -> UnitColumn {
        UnitColumn(
            field: .word(
                name,
                beginning
                    + ": a number, exactly 0 (which has no logarithm), a value that is not finite, or nothing.",
                of: MeasurementStatus.allCases.map(\.rawValue)
            ) { value($0).rawValue }, heading: name, style: .count)
    }

    /// The value as people read it; `nil` for null.
    func text(_ row: UnitMeasurement, minus: String) -> String? {
        switch field.value(row) {
        case .integer(let integer): integer.description
        case .number(let number): style.text(number, minus: minus)
        case .string(let word) where isName: word.isEmpty ? nil : word
        // A finding; that a value was or was not measured can be seen.
        case .string(let word)
        where [MeasurementStatus.zero, .notFinite].map(\.rawValue).contains(word):
            word
        default: nil
        }
    }
}
