import Foundation

/// Tests/Fixtures/training.json: weights after three steps of PyTorch's optimiser.
struct TrainingFixture: Decodable {
    struct Network: Decodable {
        var baseChannels: Int
        var classes: Int
        var inputShape: [Int]
        var unitsPerStage: Int
    }

    struct Case: Decodable, CustomStringConvertible {
        var unit: String
        var shortcut: String
        var block: String
        var rule: String
        var losses: [Double]
        /// By name: norm, and inner product with the formula vector of the name.
        var tensors: [String: [Double]]

        var description: String { "\(block) \(unit) \(shortcut) \(rule)" }
    }

    var network: Network
    var rates: [Double]
    var momentum: Double
    var decay: Double
    var runningWeight: Double
    var cases: [Case]

    static func load() throws -> TrainingFixture {
        let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/training.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(TrainingFixture.self, from: Data(contentsOf: url))
    }
}
