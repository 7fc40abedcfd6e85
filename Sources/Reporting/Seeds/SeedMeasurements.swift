import Analysis

/// What was measured beyond the sweeps with every seed: medians and quartiles of its single numbers.
///
/// Tables stand with each seed alone: their rows differ from seed to seed.
struct SeedMeasurements {
    /// One number under its name, over the seeds.
    struct Scalar: Sendable {
        let name: String
        let band: QuartileBand
    }

    let scalars: [Scalar]

    init(_ statistics: SeedStatistics) {
        let found = statistics.results.map { $0.measurements?.scalars ?? [] }
        var names: [String] = []
        for scalar in found.flatMap(\.self) where !names.contains(scalar.name) { names.append(scalar.name) }
        scalars = names.map { name in
            Scalar(
                name: name,
                band: QuartileBand(found.map { $0.first { $0.name == name }.flatMap(\.value) }))
        }
    }

    static let fields: [ReportField<Scalar>] =
        [.string("name", "As in the scalars of each seed.") { $0.name }]
        + SeedTable.bandFields.map { field in field.on { $0.band } }

    /// `measurements.csv`; nothing where nothing was measured.
    static func files(_ statistics: SeedStatistics) -> [ReportBundle.File] {
        let scalars = SeedMeasurements(statistics).scalars
        guard !scalars.isEmpty else { return [] }
        return [.init(path: "measurements.csv", contents: MeasurementTables.csv(fields, scalars))]
    }

    /// Name, and median with quartiles as text.
    func quantities(minus: String) -> [(name: String, value: String)] {
        scalars.map { ($0.name, $0.band.text(.significant(4), minus: minus) ?? "–") }
    }
}
