import Analysis
import ResidualNetworks
import Testing

@Suite("Words of --measure")
struct MeasurementVocabularyTests {
    @Test(arguments: [
        ("fits", [MeasurementRequest.fits]), ("path-lengths", [.pathLengths(upTo: 40)]),
        ("correlation,path-lengths:7", [.pathLengths(upTo: 7), .correlation]),
        ("jacobian:2-5", [.jacobian(from: 2, to: 5)]), ("all", MeasurementRequest.all),
        ("fits,fits", [.fits]), ("line-correlation:4", [.lineCorrelation(points: 4)]),
        ("all,path-lengths:3", [.pathLengths(upTo: 3)] + MeasurementRequest.all.dropFirst()),
    ])
    func lists(_ list: String, _ expected: [MeasurementRequest]) throws {
        #expect(try MeasurementVocabulary.requests(in: list) == expected)
    }

    /// The name of a request is a word for it.
    @Test(
        arguments: MeasurementRequest.all + [
            .pathLengths(upTo: 3), .jacobian(from: 1, to: 2), .lineCorrelation(points: 2),
        ])
    func namesAreWords(_ request: MeasurementRequest) throws {
        #expect(try MeasurementVocabulary.requests(in: request.name) == [request])
    }

    @Test(arguments: [
        "", "fit", "all:3", "fits:3", "path-lengths:0", "path-lengths:x", "path-lengths:", "jacobian:5-2",
        "jacobian:-1-2", "jacobian:1", "fits,", "path-lengths:99999999",
        "line-correlation:0", "line-correlation:31", "line-correlation:x",
    ])
    func refusals(_ list: String) {
        #expect(throws: VocabularyError.self) { try MeasurementVocabulary.requests(in: list) }
    }
}
