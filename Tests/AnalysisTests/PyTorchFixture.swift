import Foundation

/// A file of Tests/Fixtures with PyTorch's numbers; the structure is described in its README.
struct PyTorchFixture: Decodable {
    struct Case: Decodable, CustomStringConvertible {
        struct Configuration: Decodable {
            var architecture: String
            var block: String
            var unitsPerStage: Int
            var baseChannels: Int
            var classes: Int
            var inputShape: [Int]
            var unit: String
            var shortcut: String
            var mode: String
        }
        var configuration: Configuration
        var depth: Int
        var units: Int
        var parameters: Int
        var loss: Double
        var columns: [String: [Double?]]

        var description: String {
            let c = configuration
            return "\(c.architecture) \(c.block) \(c.unit) \(c.shortcut) \(c.mode)"
        }
    }
    var cases: [Case]

    static func directory() -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures")
    }

    static func load(unit: String) throws -> [Case] {
        let url = directory().appending(path: "pytorch-\(unit).json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(PyTorchFixture.self, from: Data(contentsOf: url)).cases
    }
}
