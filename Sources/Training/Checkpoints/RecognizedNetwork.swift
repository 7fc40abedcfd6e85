import ResidualNetworks

/// The built-in network that names and shapes of a state dictionary in torchvision's names are of: the original unit with
/// projections, and with the stride of a bottleneck on its 3×3.
struct RecognizedNetwork: Equatable {
    /// The options of the command line that name it.
    let words: [String: String]

    /// `nil` for a network that is none of these: other names, another stem, as many units a stage as no depth has, or
    /// shortcuts without projections, of which names do not say what they are.
    ///
    /// - Parameter shapes: by name, with any prefix.
    init?(shapes: [String: [Int]]) {
        let tensors = Tensors(shapes)
        let units = tensors.unitsPerStage
        guard let stem = tensors["conv1.weight"], stem.count == 4, let classifier = tensors["fc.weight"],
            let classes = classifier.first, tensors["layer2.0.downsample.1.weight"] != nil,
            let architecture = Self.architectures.first(where: {
                $0.stem?.kernel == stem[2] && $0.stages.count == units.count
            }), stem[0].isMultiple(of: architecture.baseWidth),
            let block = architecture.blocks.first(where: { $0.layers.count == tensors.layersPerUnit })
        else { return nil }
        let depth = architecture.depth(unitsPerStage: units, block: block)
        guard (try? architecture.unitsPerStage(depth: depth, block: block)) == units else { return nil }
        words = [
            "architecture": architecture.name, "depth": String(depth), "block": block.name,
            "unit": UnitLayout.original.name, "size-change": BlockDesign.Matching.projection.rawValue,
            "stride": "spatial", "width": String(stem[0] / architecture.baseWidth),
            "classes": String(classes),
        ]
    }

    private static var architectures: [any Architecture] { [ImageNetArchitecture(), CIFARArchitecture()] }

    /// Shapes by names without a prefix.
    private struct Tensors {
        private let shapes: [String: [Int]]
        private let prefix: String

        init(_ shapes: [String: [Int]]) {
            self.shapes = shapes
            prefix = WrapperPrefix.common(to: Array(shapes.keys))
        }

        subscript(name: String) -> [Int]? { shapes[prefix + name] }

        /// As many as come one after the other from the first.
        var unitsPerStage: [Int] {
            var units: [Int] = []
            while case let count = count({ "layer\(units.count + 1).\($0).conv1.weight" }), count > 0 {
                units.append(count)
            }
            return units
        }

        var layersPerUnit: Int { count { "layer1.0.conv\($0 + 1).weight" } }

        private func count(_ name: (Int) -> String) -> Int {
            var count = 0
            while self[name(count)] != nil { count += 1 }
            return count
        }
    }
}
