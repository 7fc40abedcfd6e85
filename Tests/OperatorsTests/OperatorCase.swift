import Operators
import Tensors

/// An operation with its attributes, under the name of its fixture.
struct OperatorCase: Sendable {
    let name: String
    let operation: any Operator

    init(_ name: String, _ operation: any Operator) {
        self.name = name
        self.operation = operation
    }

    static let all: [OperatorCase] = elementwise + arithmetic + movements

    static func named(_ name: String) -> OperatorCase? { all.first { $0.name == name } }
}

extension OperatorCase {
    static let elementwise = [
        OperatorCase("relu", Relu()), OperatorCase("leaky-relu", LeakyRelu()),
        OperatorCase("leaky-relu-0.2", LeakyRelu(alpha: 0.2)), OperatorCase("elu", Elu(alpha: 0.7)),
        OperatorCase("selu", Selu()), OperatorCase("relu6", Clip(0...6)),
        OperatorCase("clip-below", Clip(-0.3...Double.infinity)),
        OperatorCase("hard-sigmoid", HardSigmoid(alpha: 1.0 / 6)), OperatorCase("hard-swish", HardSwish()),
        OperatorCase("gelu", Gelu()), OperatorCase("gelu-tanh", Gelu(approximation: .tanh)),
        OperatorCase("tanh", Tanh()), OperatorCase("softplus", Softplus()), OperatorCase("erf", Erf()),
        OperatorCase("sigmoid", Sigmoid()), OperatorCase("sigmoid-shut", Sigmoid()),
        OperatorCase("neg", Neg()), OperatorCase("abs", Abs()), OperatorCase("reciprocal", Reciprocal()),
        OperatorCase("sqrt", Sqrt()), OperatorCase("exp", Exp()), OperatorCase("log", Log()),
        OperatorCase("sin", Sin()), OperatorCase("cos", Cos()),
    ]
    static let arithmetic = [
        OperatorCase("add", Add()), OperatorCase("add-broadcast", Add()),
        OperatorCase("sub-both-stretched", Add.subtracting), OperatorCase("add-scalar", Add()),
        OperatorCase("mul", Mul()), OperatorCase("mul-broadcast", Mul()),
        OperatorCase("mul-both-stretched", Mul()), OperatorCase("div", Div()), OperatorCase("pow", Pow()),
        OperatorCase("square", Pow()), OperatorCase("prelu", PRelu()), OperatorCase("max", Max()),
        OperatorCase("min-broadcast", Min()),
    ]
    static let movements = [
        OperatorCase("transpose", Transpose()),
        OperatorCase("transpose-order", Transpose(order: [2, 0, 3, 1])),
        OperatorCase("reshape", Reshape([0, -1, 2])),
        OperatorCase(
            "slice",
            Slice([
                .init(axis: 1, start: 1, end: .max, step: 2), .init(axis: -1, start: -1, end: .min, step: -2),
            ])),
        OperatorCase("split-part", Slice([.init(axis: 2, start: 2, end: 4)])),
        OperatorCase("concat", Concat(axis: 1)), OperatorCase("expand", Expand(to: Shape(axes: [4, 1, 5]))),
        OperatorCase("tile", Tile([2, 1, 3])),
        OperatorCase("pad", Pad(before: [0, 1, 2], after: [0, 0, 1])),
        OperatorCase("pad-crop", Pad(before: [0, -1, 2], after: [0, 1, -1], fill: 0.5)),
        OperatorCase("pad-reflect", Pad(before: [0, 0, 2], after: [0, 0, 3], mode: .reflect)),
        OperatorCase("pad-edge", Pad(before: [0, 0, 2], after: [0, 0, 7], mode: .edge)),
        OperatorCase("pad-wrap", Pad(before: [0, 0, 2], after: [0, 0, 3], mode: .wrap)),
        OperatorCase("gather", Gather(axis: 1)), OperatorCase("gather-scalar", Gather(axis: 2)),
        OperatorCase("gather-elements", GatherElements(axis: 1)), OperatorCase("where", Where()),
    ]
}
