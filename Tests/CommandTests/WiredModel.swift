import ONNX
import TemporaryFolders
import Tensors

/// A small pre-activated residual network as an ONNX file, rightly wired or with one mistake: a stem, four units of 4
/// channels, a unit that halves the size and three of 8 channels, the closing BN–ReLU, pooling and a classifier.
///
/// Its numbers follow from the names of its weights, so that files differ in their wiring alone.
final class WiredModel {
    /// What is wrong. Units are counted from 0; unit 4 changes the size.
    enum Mistake: Sendable, CaseIterable {
        case missingShortcut, reluOnShortcut, activationBeforeSplit, missingLastActivation
        case doubledActivation, scaledShortcut, residualAddedTwice
    }

    static let units = 8
    /// Of the unit that a mistake is made in.
    static let place = 2

    private let mistake: Mistake?
    private let gain: Float
    private var nodes: [FileNode] = []
    private var weights: [FileTensor] = []
    private var scope = ""

    /// - Parameters:
    ///   - gain: of the branches: with a large one rounding errors outgrow the values.
    ///   - units: of the first stage.
    init(
        _ mistake: Mistake? = nil, gain: Float = 1, units: Int = 4, batch: FileValue.Extent = .symbol("batch")
    ) {
        self.mistake = mistake
        self.gain = gain
        var x = convolve("input", from: 3, to: 4, named: "stem/conv")
        for unit in 0..<(units + 4) {
            scope = "stages.\(unit < units ? 0 : 1).\(unit < units ? unit : unit - units)"
            let (before, channels) = (unit <= units ? 4 : 8, unit < units ? 4 : 8)
            x = self.unit(x, from: before, to: channels, isWrong: unit == Self.place)
        }
        scope = "head"
        if mistake != .missingLastActivation { x = activate(x, 8, named: "norm") }
        if mistake == .doubledActivation { x = activate(x, 8, named: "norm2") }
        let pooled = node("GlobalAveragePool", [x], named: "pool")
        let flat = node("Flatten", [pooled], named: "flatten")
        weights.append(tensor("head.weight", [5, 8], gain: 1))
        nodes.append(
            FileNode(
                "Gemm", name: "head/gemm", inputs: [flat, "head.weight"], outputs: ["logits"],
                attributes: ["transB": .int(1)]))
        file = ModelFile(
            operatorSets: ["": 20],
            graph: FileGraph(
                name: "wired", nodes: nodes, initializers: weights,
                inputs: [
                    FileValue("input", type: .float32, extents: [batch, .fixed(3), .fixed(8), .fixed(8)])
                ],
                outputs: [FileValue("logits", type: .float32, extents: nil)]))
    }

    private(set) var file = ModelFile(
        operatorSets: [:], graph: FileGraph(nodes: [], inputs: [], outputs: []))

    func write(to name: String, in folder: TemporaryFolder) throws { try file.write(to: folder.path(name)) }

    private func unit(_ x: String, from before: Int, to channels: Int, isWrong: Bool) -> String {
        let mistake = isWrong ? mistake : nil
        let stride = before == channels ? 1 : 2
        let first = activate(x, before, named: "norm1")
        var inner = convolve(first, from: before, to: channels, stride: stride, named: "conv1")
        inner = activate(inner, channels, named: "norm2")
        let branch = convolve(inner, from: channels, to: channels, gain: gain, named: "conv2")
        var shortcut = x
        if stride == 2 {
            shortcut = convolve(
                first, from: before, to: channels, kernel: 1, stride: 2, named: "shortcut")
        }
        switch mistake {
        case .missingShortcut: return branch
        case .reluOnShortcut: shortcut = node("Relu", [x], named: "shortcut_relu")
        case .activationBeforeSplit: shortcut = first
        case .scaledShortcut:
            weights.append(
                FileTensor("half", type: .float32, shape: Shape(axes: [] as [Int]), content: .float32([0.5])))
            shortcut = node("Mul", [x, "half"], named: "shortcut_scale")
        default: break
        }
        let sum = node("Add", [shortcut, branch], named: "add")
        return mistake == .residualAddedTwice ? node("Add", [sum, branch], named: "add_again") : sum
    }

    private func activate(_ x: String, _ channels: Int, named name: String) -> String {
        let path = "\(scope).\(name)"
        for (part, number) in [("weight", Float(1)), ("bias", 0), ("mean", 0), ("var", 1)] {
            weights.append(
                FileTensor(
                    "\(path).\(part)", type: .float32, shape: Shape(axes: [channels]),
                    content: .float32(Array(repeating: number, count: channels))))
        }
        let normalized = node(
            "BatchNormalization", [x] + ["weight", "bias", "mean", "var"].map { "\(path).\($0)" }, named: name
        )
        return node("Relu", [normalized], named: "\(name)_relu")
    }

    private func convolve(
        _ x: String, from before: Int, to channels: Int, kernel: Int = 3, stride: Int = 1, gain: Float = 1,
        named name: String
    ) -> String {
        let filters = "\(scope).\(name).weight"
        weights.append(tensor(filters, [channels, before, kernel, kernel], gain: gain))
        return node(
            "Conv", [x, filters], named: name,
            attributes: [
                "kernel_shape": .ints([kernel, kernel]), "strides": .ints([stride, stride]),
                "pads": .ints(Array(repeating: kernel / 2, count: 4)),
            ])
    }

    private func node(
        _ type: String, _ inputs: [String], named name: String, attributes: [String: Attribute] = [:]
    ) -> String {
        let output = "\(scope).\(name)".replacing("/", with: "_") + "_out"
        nodes.append(
            FileNode(
                type, name: "\(scope)/\(name)", inputs: inputs, outputs: [output], attributes: attributes))
        return output
    }

    /// Numbers of He's variance, the same for a name in every file.
    private func tensor(_ name: String, _ axes: [Int], gain: Float) -> FileTensor {
        var state = name.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        let shape = Shape(axes: axes)
        // Uniform numbers of ±√3 have variance 1.
        let scale = gain * (6 / Float(shape.count(of: 1...))).squareRoot()
        let numbers = (0..<shape.count).map { _ -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return scale * (Float(state >> 40) / Float(1 << 23) - 1)
        }
        return FileTensor(name, type: .float32, shape: shape, content: .float32(numbers))
    }
}
