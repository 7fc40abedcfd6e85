import Analysis

/// A quantity beside theory in one line, as every form of a report shows it.
struct TheoryLine: Sendable, Equatable {
    let quantity: String
    let outcome: QuantityVerdict.Outcome
    let sentence: String

    init(_ verdict: QuantityVerdict, minus: String) {
        self.init(
            quantity: verdict.quantity, outcome: verdict.outcome,
            sentence: Summary.theory(verdict, minus: minus))
    }

    init(quantity: String, outcome: QuantityVerdict.Outcome, sentence: String) {
        self.quantity = quantity
        self.outcome = outcome
        self.sentence = sentence
    }

    /// One a quantity; one in all where theory cannot say anything, for one reason.
    static func all(_ result: AnalysisResult, minus: String) -> [TheoryLine] {
        let lines = result.theory.map { TheoryLine($0, minus: minus) }
        guard let first = lines.first, lines.count > 1,
            lines.allSatisfy({ $0.outcome == .cannotSay && $0.sentence == first.sentence })
        else { return lines }
        return [TheoryLine(quantity: "all quantities", outcome: .cannotSay, sentence: first.sentence)]
    }

    var sign: String {
        switch outcome {
        case .agrees: "✓"
        case .departs: "✗"
        case .agreesInPart, .cannotSay: "–"
        }
    }
}
