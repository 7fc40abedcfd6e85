/// That a result is a certain word, or is not, as in verdict.shortcut_path == intact.
struct WordCondition: Sendable, Equatable {
    let result: NamedResult
    /// Of the table that it is a column of; `nil` for a result that stands alone.
    let row: AssertionExpression.Row?
    let isEqual: Bool
    /// One of the result's words.
    let word: String

    func holds(_ found: String) -> Bool { (found == word) == isEqual }
}
