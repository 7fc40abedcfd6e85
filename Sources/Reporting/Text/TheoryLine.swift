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

    static func all(_ result: AnalysisResult, minus: String) -> [TheoryLine] {
        result.theory.map { TheoryLine($0, minus: minus) }
    }

    var sign: String {
        switch outcome {
        case .agrees: "✓"
        case .departs: "✗"
        case .agreesInPart, .cannotSay: "–"
        }
    }
}
