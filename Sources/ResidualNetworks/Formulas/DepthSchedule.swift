import Expressions

/// A number for every unit: a formula of its position, or a list that is repeated over the units.
public struct DepthSchedule: Sendable, Equatable, CustomStringConvertible {
    /// Of units 0, 1, …, over and over.
    public let entries: [UnitFormula]

    /// - Throws: `SyntaxError` where the text is neither a formula nor a list of formulas.
    public init(_ text: String, reader: ExpressionReader) throws(SyntaxError) {
        entries = try reader.list(text).map { UnitFormula($0, initials: reader.initials) }
    }

    /// In normal form.
    public var description: String {
        let words = entries.map(\.description)
        return words.count == 1 ? words[0] : "[\(words.joined(separator: ", "))]"
    }

    /// The same number for all units, where it is one.
    public var constant: Double? {
        guard entries.count == 1, case .number(let number) = entries[0].expression else { return nil }
        return number
    }

    public func formula(at position: UnitPosition) -> UnitFormula {
        entries[position.index % entries.count]
    }

    /// - Throws: `NetworkError.impossibleFormula` where it has no finite value there.
    public func value(at position: UnitPosition) throws(NetworkError) -> Double {
        let formula = formula(at: position)
        guard let value = try formula.initial(at: position).value(), value.isFinite else {
            throw formula.refusal(at: position, "it is no finite number")
        }
        return value
    }

    /// - Throws: `NetworkError.impossibleFormula` where its value is no probability below 1.
    public func dropProbability(at position: UnitPosition) throws(NetworkError) -> Double {
        let value = try value(at: position)
        guard value >= 0, value < 1 else {
            throw formula(at: position).refusal(
                at: position, "it is \(value.word), and a probability p of dropping needs 0 ≤ p < 1")
        }
        return value
    }
}
