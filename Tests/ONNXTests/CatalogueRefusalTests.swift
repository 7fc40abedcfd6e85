import Operators
import Tensors
import Testing

@testable import ONNX

/// What is not read is refused in one sentence that names the node.
struct CatalogueRefusalTests {
    typealias Input = EvaluatedNode.Input

    struct Refusal: Sendable, CustomTestStringConvertible {
        let node: FileNode
        let inputs: [Input?]
        let sentence: String
        var version = 18
        var testDescription: String { sentence }

        init(
            _ type: String, _ inputs: [Input?], _ attributes: [String: Attribute] = [:], domain: String = "",
            version: Int = 18, says sentence: String
        ) {
            node = FileNode(
                type, name: "n", domain: domain, inputs: inputs.indices.map { "x\($0)" }, outputs: ["y"],
                attributes: attributes)
            (self.inputs, self.version, self.sentence) = (inputs, version, sentence)
        }
    }

    private static let kinds = [
        Refusal("LSTM", [], says: "operator ai.onnx.LSTM is not supported"),
        Refusal(
            "FusedConv", [], domain: "com.microsoft",
            says: "operator com.microsoft.FusedConv is not supported"),
        Refusal("If", [], says: "the graph branches or loops at run time (If); export it unrolled"),
        Refusal("Scan", [], says: "the graph branches or loops at run time (Scan); export it unrolled"),
        Refusal("RandomNormalLike", [], says: "RandomNormalLike draws random numbers; export model.eval()"),
        Refusal("QLinearConv", [], says: "the file is quantised (QLinearConv); export the float network"),
        Refusal(
            "DequantizeLinear", [], says: "the file is quantised (DequantizeLinear); export the float network"
        ),
        Refusal(
            "MatMulNBits", [], domain: "com.microsoft",
            says: "the file is quantised (MatMulNBits); export the float network"),
        Refusal(
            "Relu", [.real(2)], version: 6,
            says: "version 6 of ONNX's operators is not supported; versions from 7 on are"),
    ]

    private static let attributes = [
        Refusal(
            "Relu", [.real(2)], ["slope": .float(0.5)], says: "Relu with slope = 0.5 is not supported (n)"),
        Refusal(
            "Gelu", [.real(2)], ["approximate": .string("erf")], says: "Gelu with approximate = erf is not"),
        Refusal(
            "Constant", [], ["value_string": .string("a")], says: "Constant with value_string = a is not"),
        Refusal("Constant", [], says: "Constant (n) has no value"),
        Refusal(
            "Elu", [.real(2)], ["alpha": .int(1)],
            says: "Elu (n) has an attribute alpha that is no real number"),
        Refusal(
            "Flatten", [.real(2)], ["axis": .float(1)], says: "has an attribute axis that is no whole number"),
        Refusal("Concat", [.real(2)], says: "Concat (n) has no attribute axis"),
        Refusal("Cast", [.real(2)], ["to": .int(8)], says: "Cast with to = string is not supported (n)"),
        Refusal("Cast", [.real(2)], ["to": .int(99)], says: "Cast with to = 99 is not supported (n)"),
        Refusal(
            "BatchNormalization", [.real(1, 2), .real(2), .real(2), .real(2), .real(2)], ["spatial": .int(0)],
            version: 7, says: "BatchNormalization with spatial = 0 is not supported (n)"),
        Refusal(
            "LpPool", [.real(1, 1, 2)], ["kernel_shape": .ints([2]), "ceil_mode": .int(1)],
            says: "ceil_mode = 1"),
        Refusal(
            "LpNormalization", [.real(2)], ["p": .int(0)], says: "LpNormalization with p = 0 is not supported"
        ),
        Refusal(
            "ScatterND", [.real(2)], ["reduction": .string("max")],
            says: "ScatterND with reduction = max is not"),
        Refusal(
            "Resize", [.real(2)], ["antialias": .int(1)],
            says: "Resize with antialias = 1 is not supported (n)"),
        Refusal(
            "Resize", [.real(2)], ["mode": .string("cubic"), "exclude_outside": .int(1)],
            says: "Resize with exclude_outside = 1 is not supported (n)"),
        Refusal(
            "Resize", [.real(2), nil, nil, .whole([4])],
            ["coordinate_transformation_mode": .string("tf_crop_and_resize")],
            says: "coordinate_transformation_mode = tf_crop_and_resize is not supported (n)"),
        Refusal(
            "Resize", [.real(2)], ["keep_aspect_ratio_policy": .string("not_larger")],
            says: "keep_aspect_ratio_policy = not_larger is not supported"),
        Refusal("Resize", [.real(2)], says: "Resize (n) has neither sizes nor scales"),
        Refusal("Upsample", [.real(2)], version: 9, says: "Upsample (n) has no scales"),
        Refusal(
            "Attention", [.real(1, 1, 2, 2), .real(1, 1, 2, 2), .real(1, 1, 2, 2), nil, .real(1, 1, 2, 2)],
            version: 23, says: "Attention with past_key = x4 is not supported (n)"),
        Refusal(
            "FusedMatMul", [.real(2, 2), .real(2, 2)], ["transBatchA": .int(1)], domain: "com.microsoft",
            says: "FusedMatMul with transBatchA = 1 is not supported (n)"),
        Refusal(
            "Einsum", [.real(2)], ["equation": .string("i->j")],
            says: "Einsum with equation = i->j is not supported"
        ),
        Refusal(
            "GroupNormalization", [.real(1, 2)], says: "GroupNormalization (n) has no attribute num_groups"),
    ]

    private static let operands = [
        Refusal("Relu", [nil], says: "Relu takes 1 operand and is given 0."),
        Refusal("Add", [nil, .real(2)], says: "Add (n) lacks its operand 0"),
        Refusal("Conv", [.real(1, 1, 2)], says: "Conv (n) lacks its operand 1"),
        Refusal("Reshape", [.real(2)], says: "Reshape (n) lacks its operand shape"),
        Refusal("Reshape", [.real(2), .real(1)], says: "Reshape (n) has real numbers for shape"),
        Refusal(
            "CumSum", [.real(2), .whole([0, 0])], says: "CumSum (n) has 2 numbers for axis, which is one"),
        Refusal("Unsqueeze", [.real(2)], says: "Unsqueeze (n) has no axes"),
        Refusal("Pad", [.real(2), .whole([1])], says: "Pad (n) has 1 pads for 1 axes"),
        Refusal(
            "Pad", [.real(2), .whole([1, 1]), nil, .whole([1])],
            says: "Pad with axis = 1 is not supported (n)"),
        Refusal("Pad", [.real(2)], says: "Pad (n) has no pads"),
        Refusal("Slice", [.real(2), .whole([0])], says: "Slice (n) has no starts and ends"),
        Refusal(
            "Slice", [.real(2), .whole([0]), .whole([1, 2])],
            says: "starts, ends, axes and steps in different numbers"
        ),
        Refusal(
            "Split", [.real(4), .whole([1, 3])], says: "Split (n) splits into 2 parts and has 1 outputs"),
        Refusal("TopK", [.real(2)], says: "TopK (n) has no k"),
        Refusal("EyeLike", [.real(2)], says: "EyeLike (n) takes a matrix, not a shape of (2)"),
        Refusal(
            "Range", [.whole([0], []), .whole([1], []), .whole([0], [])], says: "Range (n) has a delta of 0"),
        Refusal(
            "SpaceToDepth", [.real(1, 1, 3, 4)], ["blocksize": .int(2)],
            says: "SpaceToDepth (n) has blocks of 2 in an operand of shape (1, 1, 3, 4)"),
        Refusal(
            "RotaryEmbedding", [.real(1, 2, 6)], ["num_heads": .int(4)], version: 23,
            says: "RotaryEmbedding with num_heads = 4 is not supported (n)"),
        Refusal(
            "MaxPool", [.real(1, 1, 4)], ["kernel_shape": .ints([2, 2])],
            says: "MaxPool (n) has 2 numbers for kernel_shape, and needs 1"),
        Refusal("MaxPool", [.real(1, 1, 4)], says: "MaxPool (n) has no attribute kernel_shape"),
    ]

    /// Numbers of a file that would be too large to count with, or to hold.
    private static let extremes = [
        Refusal(
            "ConstantOfShape", [.whole([.max, .max])],
            says: "ConstantOfShape with shape = [\(Int.max), \(Int.max)]"),
        Refusal(
            "ConstantOfShape", [.whole([-1])], says: "ConstantOfShape with shape = [-1] is not supported (n)"),
        Refusal(
            "Expand", [.real(1), .whole([1, 1, 1, 1, 1, 1, 1, 1, 1])],
            says: "Expand with shape = [1, 1, 1, 1, 1, 1, 1, 1, 1] is not supported (n)"),
        Refusal("Reshape", [.real(1), .whole([.min])], says: "the number of elements differs"),
        Refusal("Tile", [.real(1), .whole([.max])], says: "would have more elements than can be"),
        Refusal(
            "Range", [.whole([.min], []), .whole([.max], []), .whole([1], [])],
            says: "numbers, and 67108864 can be"),
        Refusal(
            "OneHot", [.whole([0]), .whole([.max], []), .real(2)],
            says: "OneHot with depth = \(Double(Int.max)) is not supported (n)"),
        Refusal(
            "Conv", [.real(1, 1, 4), .real(1, 1, 1)], ["pads": .ints([.max, .max])],
            says: "Conv with pads = [\(Int.max), \(Int.max)] is not supported (n)"),
        Refusal(
            "Conv", [.real(1, 1, 4), .real(1, 1, 1)], ["strides": .ints([0])],
            says: "strides = [0] is not supported"),
        Refusal(
            "Conv", [.real(1, 1, 4), .real(1, 1, 1)], ["group": .int(.max)],
            says: "groups need 1 channels each"
        ),
        Refusal(
            "ConvTranspose", [.real(1, 1, 4), .real(1, 1, 1)], ["output_shape": .ints([.max])],
            says: "output_shape = [\(Int.max)] is not supported"),
        Refusal("Flatten", [.real(2)], ["axis": .int(.min)], says: "has axes from -1 to 0"),
        Refusal(
            "Hardmax", [.real(2)], ["axis": .int(.min)],
            says: "Hardmax with axis = \(Int.min) is not supported"),
        Refusal("Softmax", [.real()], version: 11, says: "has axes from"),
        Refusal("TopK", [.real(2), .whole([.max])], says: "an axis of 2 has no more"),
        Refusal("Gather", [.real(2), .whole([.min])], says: "is beyond an axis of 2"),
        Refusal(
            "GatherND", [.real(2), .whole([0], [1, 1])], ["batch_dims": .int(.max)],
            says: "first axes are equal"),
        Refusal(
            "LRN", [.real(1, 1)], ["size": .int(.max)], says: "LRN with size = \(Int.max) is not supported"),
        Refusal("Split", [.real(2), .whole([.max, .max])], says: "the parts are more than all"),
        Refusal(
            "DepthToSpace", [.real(1, 4, 1, 1)], ["blocksize": .int(.max)], says: "have to divide into blocks"
        ),
        Refusal(
            "Resize", [.real(2), nil, nil, .whole([.max])], says: "would have more elements than can be"),
        Refusal("Pad", [.real(2), .whole([.max, .max])], says: "would have more elements than can be"),
    ]

    @Test(
        "Kinds of nodes, attributes, operands and numbers",
        arguments: kinds + attributes + operands + extremes)
    func refusals(refusal: Refusal) {
        let error = #expect(throws: (any Error).self) {
            try EvaluatedNode(
                refusal.node, version: refusal.version, inputs: refusal.inputs,
                known: Set(refusal.inputs.indices.dropFirst(Self.givesOnlyNumbers(refusal.node) ? 0 : 1)))
        }
        #expect(error.map { "\($0)" }?.contains(refusal.sentence) == true, "\(String(describing: error))")
    }

    private static func givesOnlyNumbers(_ node: FileNode) -> Bool {
        ["Range", "ConstantOfShape", "OneHot"].contains(node.type)
    }

    @Test("A number that depends on the signal is named")
    func notConstant() {
        let node = FileNode("Reshape", name: "", inputs: ["x", "shape_1"], outputs: ["reshaped"])
        let expected =
            "the operand shape of Reshape (reshaped), shape_1, depends on the signal or on an input; it has to be constant"
        let error = #expect(throws: NodeError.self) {
            try EvaluatedNode(node, version: 18, inputs: [Input.real(2), Input.whole([2])])
        }
        #expect(error.map { "\($0)" } == expected)
    }
}
