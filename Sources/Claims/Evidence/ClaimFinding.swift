/// What came of one claim: a value, from which every report is made.
public struct ClaimFinding: Sendable, Equatable {
    /// The claim's word, statement and place in the paper.
    public let name: String
    public let statement: String
    public let place: String
    public let measurements: [ClaimMeasurement]
    /// What a simpler form of the statement gets wrong, with the number that shows it; `nil` where the paper's
    /// own form was checked.
    public let remark: String?

    public init(
        name: String, statement: String, place: String, measurements: [ClaimMeasurement],
        remark: String? = nil
    ) {
        self.name = name
        self.statement = statement
        self.place = place
        self.measurements = measurements
        self.remark = remark
    }

    /// Whether every requirement holds, of which there is at least one.
    public var passed: Bool {
        let outcomes = measurements.compactMap(\.holds)
        return !outcomes.isEmpty && outcomes.allSatisfy(\.self)
    }
}
