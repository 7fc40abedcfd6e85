import Foundation
import Kernels
import ProofSupport
import ResidualNetworks
import Safetensors
import Tensors

/// Tests/Fixtures/state-dictionaries.json: ResNets with the names of torchvision, as PyTorch measures them.
struct StateDictionaryFixture: Decodable {
    struct Case: Decodable, CustomStringConvertible, Sendable {
        var block: String
        var depth: Int
        var units: [Int]
        var width: Int
        var classes: Int
        var inputShape: [Int]
        var mode: String
        var loss: Double
        var logits: [Double]
        var columns: [String: [Double?]]

        var description: String { "ResNet-\(depth) in \(mode)" }

        /// The network in our own terms.
        var design: NetworkDesign {
            let block: BlockDesign = self.block == "basic" ? .basic : .bottleneck
            return NetworkDesign(
                architecture: ImageNetArchitecture(),
                block: block.matching(by: .projection).stridingOnSpatialLayer, unitsPerStage: units,
                layout: .original, baseWidth: width, classes: classes,
                input: Shape(1, inputShape[1], inputShape[2], inputShape[3]))
        }

        /// The whole state dictionary, from the shapes that PyTorch's module gives its tensors.
        var tensors: [SafetensorsTensor] {
            shapes.sorted { $0.key < $1.key }.map { name, shape in
                SafetensorsTensor(name, shape: shape, Self.values(name, shape))
            } + [SafetensorsTensor("bn1.num_batches_tracked", shape: [], [Int64(1)])]
        }

        /// Names and shapes, written down from the architecture and not from our names.
        var shapes: [String: [Int]] {
            var shapes = ["conv1.weight": [width, 3, 7, 7], "fc.bias": [classes]]
            func normalization(_ name: String, _ channels: Int) {
                for part in ["weight", "bias", "running_mean", "running_var"] {
                    shapes["\(name).\(part)"] = [channels]
                }
            }
            normalization("bn1", width)
            var channels = width
            for (stage, count) in units.enumerated() {
                let inner = width << stage
                let outer = block == "basic" ? inner : 4 * inner
                for unit in 0..<count {
                    let name = "layer\(stage + 1).\(unit)"
                    let layers =
                        block == "basic"
                        ? [[inner, channels, 3, 3], [inner, inner, 3, 3]]
                        : [[inner, channels, 1, 1], [inner, inner, 3, 3], [outer, inner, 1, 1]]
                    for (index, shape) in layers.enumerated() {
                        shapes["\(name).conv\(index + 1).weight"] = shape
                        normalization("\(name).bn\(index + 1)", shape[0])
                    }
                    if channels != outer || unit == 0 && stage > 0 {
                        shapes["\(name).downsample.0.weight"] = [outer, channels, 1, 1]
                        normalization("\(name).downsample.1", outer)
                    }
                    channels = outer
                }
            }
            shapes["fc.weight"] = [classes, channels]
            return shapes
        }

        static func values(_ name: String, _ shape: [Int]) -> [Double] {
            let (center, spread): (Double, Double) =
                switch (name, shape.count) {
                case (_, 4): (0, sqrt(6 / Double(shape[0] * shape[2] * shape[3])))
                case ("fc.weight", _): (0, sqrt(3 / Double(shape[1])))
                case ("fc.bias", _): (0, 0.1)
                case (let name, _) where name.hasSuffix("running_mean"): (0, 0.2)
                case (let name, _) where name.hasSuffix("running_var"): (1, 0.5)
                case (let name, _): (name.hasSuffix("weight") ? 1 : 0, 0.3)
                }
            return FormulaParameters.spread(
                name, count: shape.reduce(1, *), center: center, width: spread)
        }
    }

    var cases: [Case]

    static func load() throws -> [Case] {
        let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/state-dictionaries.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Self.self, from: Data(contentsOf: url)).cases
    }
}
