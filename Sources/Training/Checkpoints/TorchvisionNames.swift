import ResidualNetworks

/// The names that torchvision, and timm after it, give to the tensors of a ResNet.
///
/// | here | there |
/// |---|---|
/// | `stem.conv`, `stem.bn` | `conv1`, `bn1` |
/// | `units.2.branch.conv1`, `.bn1`, … | `layer2.0.conv1`, `.bn1`, …: the stage from 1, and the unit within it from 0 |
/// | `units.2.shortcut.conv`, `.bn` | `layer2.0.downsample.0`, `.1` |
/// | `head.fc` | `fc` |
///
/// Their normalisations follow the convolution whose number they have. Units that begin with a normalisation have no
/// names there, nor have gates and learned numbers.
struct TorchvisionNames: Sendable {
    private let unitsPerStage: [Int]
    private let namesNormalizations: Bool

    init(of design: NetworkDesign) {
        unitsPerStage = design.unitsPerStage
        namesNormalizations = !design.layout.leading.contains(.normalization)
    }

    /// Whether a file has them.
    static func are(in names: [String], behind prefix: String) -> Bool {
        names.contains("\(prefix)layer1.0.conv1.weight")
    }

    /// - Parameter tensor: the name of a parameter or of a running statistic here.
    func name(of tensor: String) -> String? {
        let parts = tensor.split(separator: ".").map(String.init)
        switch (parts.first, parts.count) {
        case ("stem", 3): return ["conv": "conv1", "bn": "bn1"][parts[1]].map { "\($0).\(parts[2])" }
        case ("head", 3): return parts[1] == "fc" ? "fc.\(parts[2])" : nil
        case ("units", 5):
            guard let layer = layer(parts[3], of: parts[2]), let unit = Int(parts[1]).flatMap(unit) else {
                return nil
            }
            return "\(unit).\(layer).\(parts[4])"
        default: return nil
        }
    }

    private func layer(_ name: String, of path: String) -> String? {
        switch path {
        case "branch": name.hasPrefix("conv") || namesNormalizations && name.hasPrefix("bn") ? name : nil
        case "shortcut": ["conv": "downsample.0", "bn": "downsample.1"][name]
        default: nil
        }
    }

    /// Such as `layer2.0`.
    private func unit(_ index: Int) -> String? {
        var position = index
        for (stage, count) in unitsPerStage.enumerated() {
            if position < count { return "layer\(stage + 1).\(position)" }
            position -= count
        }
        return nil
    }
}
