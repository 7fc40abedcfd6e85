import Analysis
import ArgumentParser
import ResidualNetworks

/// The option that asks for measurements beyond the sweeps.
struct MeasureOptions: ParsableArguments {
    static let title = "Measurements"

    @Option(
        help: ArgumentHelp(
            """
            Comma-separated: path-lengths[:K], cancellation, parameter-gradients, fits, jacobian[:FROM-TO], \
            correlation, line-correlation[:POINTS], signal-propagation, all.
            """, valueName: "list"))
    var measure: String?

    mutating func validate() throws {
        do {
            _ = try requests
        } catch let error as VocabularyError {
            throw ValidationError("\(error)")
        }
    }

    var requests: [MeasurementRequest] {
        get throws { try measure.map { try MeasurementVocabulary.requests(in: $0) } ?? [] }
    }
}
