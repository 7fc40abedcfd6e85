import Expressions

/// Numbers compared from left to right, as in -1 < cosine[0] < 1.
struct NumberChain: Sendable, Equatable {
    let first: AssertionExpression
    let links: [Link]

    struct Link: Sendable, Equatable {
        let comparison: Relation
        let expression: AssertionExpression
    }

    /// Both sides of its comparison, or all of a longer chain's.
    func sides(in report: JSONValue) throws(AssertionFinding.Unknown) -> [Double] {
        var values = [try first.value(in: report)]
        for link in links { values.append(try link.expression.value(in: report)) }
        return values
    }
}
