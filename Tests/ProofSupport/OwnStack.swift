import Graphs
import Kernels
import Operators
import ResidualNetworks
import Tensors

/// A residual unit on vectors, written by hand.
public struct OwnUnit: Sendable {
    public typealias Map = @Sendable (Graph.ValueID, inout NetworkGraph) throws -> Graph.ValueID

    public var shortcut: Map
    public var branch: Map
    public var after: Map
    public var factor: ShortcutFactor

    public init(
        shortcut: @escaping Map = { x, _ in x }, branch: @escaping Map, after: @escaping Map = { y, _ in y },
        factor: ShortcutFactor = .undefined
    ) {
        self.shortcut = shortcut
        self.branch = branch
        self.after = after
        self.factor = factor
    }

    /// h(x) = λx, F(x) = a·x.
    public static func scaling(_ lambda: Double, branch a: Double) -> OwnUnit {
        OwnUnit(
            shortcut: { try $1.scale($0, by: lambda) },
            branch: { x, network in
                // A value of its own, where a is 1 too.
                try network.apply(Identity(), to: network.scale(x, by: a))
            }, factor: .exact(lambda))
    }
}

extension Network {
    /// Fully connected units of one's own.
    ///
    /// - Parameters:
    ///   - inputs: features of a sample.
    ///   - stem: from the input to x_0; the input itself where it is `nil`.
    ///   - head: ahead of the classifier.
    public static func own(
        _ units: [OwnUnit], inputs: Int, classes: Int, parameters: any ParameterSource,
        stem: OwnUnit.Map? = nil, head: OwnUnit.Map? = nil
    ) throws -> Network {
        try Network(parameters: parameters) { batch, mode in
            var network = NetworkGraph(batch: batch, mode: mode)
            var x = network.input("images", shape: Shape(batch, inputs))
            if let stem { x = try stem(x, &network) }
            for (l, unit) in units.enumerated() {
                network.state(row: x)
                let values = UnitValues(
                    shortcut: try unit.shortcut(x, &network), branch: try unit.branch(x, &network),
                    factor: unit.factor)
                let y = try network.sum(values, label: "units.\(l)")
                x = try unit.after(y, &network)
            }
            network.state(row: x)
            if let head { x = try head(x, &network) }
            let logits = try network.convolution(
                x, name: "head.fc", outputs: classes, kernel: 1, role: .classifierWeight,
                bias: .classifierBias)
            return try network.model(logits: logits)
        }
    }
}
