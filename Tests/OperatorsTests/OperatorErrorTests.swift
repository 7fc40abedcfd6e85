import Kernels
import Operators
import Tensors
import Testing

/// What cannot be computed is refused by a sentence that names operation and shapes.
struct OperatorErrorTests {
    private static func shape(_ axes: Int...) -> Shape { Shape(axes: axes) }

    private static let window = ConvolutionWindow([.init(kernel: 3), .init(kernel: 3)])

    @Test(
        "Shapes and attributes that do not go together",
        arguments: [
            (
                Mul(), [shape(2, 3), shape(2)],
                "Mul cannot take operands of the shapes (2, 3), (2): axes are matched from the last one on, and must be equal or 1."
            ),
            (Gelu(), [shape(2), shape(2)], "Gelu takes 1 operand and is given 2."),
            (
                MatMul(), [shape(2, 3), shape(4, 2)],
                "MatMul cannot take operands of the shapes (2, 3), (4, 2): the last axis of the first has to be the last but one of the second."
            ),
            (MatMul(), [shape(), shape(2)], "the last axis of the first"),
            (Gemm(), [shape(2, 3), shape(3, 4), shape(3)], "the third has to stretch to the product (2, 4)"),
            (Transpose(order: [0, 0]), [shape(2, 3)], "Transpose with perm = [0, 0] is not supported"),
            (Reshape([4, -1]), [shape(2, 3)], "no extent fits for the −1"),
            (Reshape([5]), [shape(2, 3)], "the number of elements differs"),
            (Reshape([1, 0]), [shape(6)], "a 0 needs an axis to copy"),
            (Reshape([.max, .max, 4]), [shape(6)], "the number of elements differs"),
            (Reshape.flatten(from: 3), [shape(2, 3)], "has axes from -2 to 1"),
            (
                Reshape.squeeze([0]), [shape(2, 1)],
                "Squeeze with axes = [0] is not supported: an axis that goes has extent 1 with an operand of shape (2, 1)."
            ),
            (Reshape.unsqueeze([0, -4]), [shape(2, 1)], "each is one of 4, once"),
            (Expand(to: shape(.max, 2)), [shape(2)], "would have more elements than can be"),
            (Tile([.max, 2]), [shape(2, 1)], "would have more elements than can be"),
            (Pad(before: [.max], after: [.max]), [shape(2)], "would have more elements than can be"),
            (
                Standardization(over: .channels(groups: 2)), [shape(2, 4), shape(3)],
                "scale and shift have one number a channel, or in group normalisation a group"
            ),
            (
                Standardization(over: .trailingAxes(from: 1)), [shape(2, 4), shape(2, 2, 4)],
                "have to stretch"
            ),
            (
                Dropout(dropProbability: 1), [shape(2), shape(2)],
                "Dropout with ratio = 1.0 is not supported: a probability below 1 is needed."
            ),
            (Dropout(dropProbability: 0.5), [shape(2), shape(3, 2)], "the mask has to stretch to the first"),
            (Add.ofAny, [], "Sum takes 1 operand or more and is given 0."),
            (
                Attention(), [shape(1, 2, 3), shape(1, 2, 3), shape(1, 2, 3)],
                "need the number of their heads"
            ),
            (
                Attention(heads: .init(queries: 2, keys: 1)),
                [shape(1, 2, 3), shape(1, 2, 3), shape(1, 2, 3)],
                "the last axes have to divide into 2 heads of queries and 1 of keys"
            ),
            (
                Attention(), [shape(1, 3, 2, 4), shape(1, 2, 2, 4), shape(1, 2, 2, 4)],
                "heads of keys are as large as those of queries, which divide among them"
            ),
            (
                Attention(mask: .addend),
                [shape(1, 1, 2, 4), shape(1, 1, 2, 4), shape(1, 1, 2, 4), shape(3, 2)],
                "the mask has to stretch to (1, 1, 2, 2)"
            ),
            (
                Attention(), [Shape](repeating: shape(1, 1, 2, 4), count: 6),
                "Attention with past_key = operand 4 is not supported: keys and values have to be those of the whole sequence."
            ),
            (Resize(to: .extents([2])), [shape(2, 3)], "there is one for each axis"),
            (Resize(to: .scales([0.1]), axes: [0]), [shape(2, 3)], "one element or more has to come of one"),
            (Resize(to: .scales([.nan]), axes: [0]), [shape(2, 3)], "one element or more has to come of one"),
            (Resize(to: .scales([1e30]), axes: [0]), [shape(2, 3)], "one element or more has to come of one"),
            (Resize(to: .extents([.max]), axes: [0]), [shape(2, 3)], "would have more elements than can be"),
            (Concat(axis: 1), [shape(2, 3), shape(3, 3)], "all axes but axis 1 have to be equal"),
            (Concat(axis: 2), [shape(2, 3)], "has axes from -2 to 1"),
            (Slice([.init(axis: 0, start: 0, end: 1, step: 0)]), [shape(2)], "a step leads on"),
            (Pad(before: [-3], after: [0]), [shape(2)], "no more can be taken than there is"),
            (Pad(before: [2], after: [0], mode: .reflect), [shape(2)], "mode reflect has no element for all"),
            (
                Conv(window), [shape(1, 3, 2, 5), shape(4, 3, 3, 3)],
                "Conv cannot take operands of the shapes (1, 3, 2, 5), (4, 3, 3, 3): the window does not fit into the map."
            ),
            (
                Conv(window, groups: 2), [shape(1, 3, 5, 5), shape(4, 3, 3, 3)],
                "2 groups need 3 channels each"
            ),
            (
                Conv(ConvolutionWindow([.init(kernel: 1, before: -1)])), [shape(1, 3, 5), shape(4, 3, 1)],
                "Conv with pads = [-1, 0] is not supported: none may be negative"
            ),
            (
                Conv(ConvolutionWindow([])), [shape(1, 3), shape(4, 3)],
                "Conv with kernel_shape = [] is not supported: there can be one to three axes of space"
            ),
            (
                ConvTranspose(window, outputPadding: [1, 0]), [shape(1, 3, 5, 5), shape(3, 4, 3, 3)],
                "ConvTranspose with output_padding = [1, 0] is not supported: each has to be less than the stride"
            ),
            (
                BatchNorm(.batch), [shape(1, 2), shape(2), shape(2), shape(2), shape(2)],
                "statistics over one value a channel"
            ),
            (
                MaxPool(ConvolutionWindow([.init(kernel: 2, before: 2)])), [shape(1, 1, 4)],
                "MaxPool with pads = [2, 0] is not supported: every window has to see an element"
            ),
            (Standardization(over: .channels(groups: 3)), [shape(2, 4)], "have to divide into groups"),
            (MaxPool(window), [shape(1, 2, 2, 3)], "a window of [3, 3] has to fit into the axes behind"),
            (MaxPool(window, roundsUp: true), [shape(1, 2, 2, 3)], "a window of [3, 3] has to fit into"),
            (TopK(4), [shape(3)], "an axis of 3 has no more"),
            (DepthToSpace(size: .max), [shape(1, 4, 2, 2)], "the channels have to divide into blocks"),
            (
                ScatterND(), [shape(3), shape(2, 0), shape(2, 3)],
                "the third has the indices' axes but the last"
            ),
            (ReduceSum(ReducedAxes([3])), [shape(2)], "has axes from -1 to 0"),
            (MatMul(transposesFirst: true), [shape(2, 3), shape(3, 2)], "the last axis of the first"),
            (MatMul(), [shape(1 << 40, 1), shape(1, 1 << 40)], "would have more elements than can be"),
            (
                Conv(.init([.init(kernel: 1, before: 1 << 59), .init(kernel: 1)])),
                [shape(1, 1, 8, 8), shape(1, 1, 1, 1)], "would have more elements than can be"
            ),
            (
                Conv(window, groups: .max), [shape(1, 3, 5, 5), shape(4, 3, 3, 3)],
                "groups need 3 channels each"
            ),
            (Trilu(), [shape(3)], "matrices have two axes"),
            (CumSum(axis: 1), [shape(3)], "has axes from -1 to 0"),
            (GatherND(), [shape(3), shape(2, 2)], "the last of the indices counts axes of the data"),
            (GatherND(batchAxes: 1), [shape(3, 2), shape(2, 1)], "1 first axes are equal"),
            (ScatterElements(), [shape(3), shape(2), shape(3)], "the third has the shape of the indices"),
            (
                ScatterElements(axis: 1), [shape(2, 3), shape(3, 1), shape(3, 1)],
                "reach no further than the data in all axes but 1"
            ),
            (ArgExtremum(largest: true), [shape(0, 2)], "axis 0 needs an element"),
        ] as [(any Operator, [Shape], String)])
    func refusals(operation: any Operator, operands: [Shape], sentence: String) {
        let error = #expect(throws: OperatorError.self) { try operation.shape(of: operands) }
        #expect(error.map { "\($0)" }?.contains(sentence) == true, "\(String(describing: error))")
    }

    @Test(
        "Equations that are none, or do not fit",
        arguments: [
            (
                "ij->k", nil,
                "Einsum with equation = ij->k is not supported: the result has letters of the operands"
            ),
            ("i->j->k", nil, "an arrow stands at most once"), ("i...j...", nil, "one ellipsis at most"),
            ("i1->i", nil, "axes are letters"), ("ii,ij->ii", nil, "the result has letters"),
            ("ij,jk->ik", [shape(2, 3), shape(2, 3)], "by ij,jk->ik axes of one letter have one extent"),
            ("ij->i", [shape(2)], "by ij->i axes"), ("ii->i", [shape(2, 1)], "by ii->i axes"),
            ("i,i->", [shape(2)], "Einsum takes 2 operands and is given 1."),
            ("i,j->ij", [shape(1 << 40), shape(1 << 40)], "would have more elements than can be"),
        ] as [(String, [Shape]?, String)])
    func equations(equation: String, operands: [Shape]?, sentence: String) {
        let error = #expect(throws: OperatorError.self) {
            let einsum = try Einsum(equation)
            if let operands { _ = try einsum.shape(of: operands) }
        }
        #expect(error.map { "\($0)" }?.contains(sentence) == true, "\(String(describing: error))")
    }

    @Test("An index beyond its axis, and numbers where indices are needed")
    func values() {
        let data = Value(Tensor<Double>([1, 2, 3], shape: Self.shape(3)))
        let beyond = Value<Double>.whole(WholeTensor([3], shape: Self.shape(1)))
        #expect(throws: OperatorError.value(operation: "Gather", reason: "index 3 is beyond an axis of 3")) {
            try Gather().value(of: [data, beyond])
        }
        #expect(throws: OperatorError.notWhole) { try Gather().value(of: [data, data]) }
        #expect(throws: OperatorError.notReal) { try Relu().value(of: [beyond]) }
        let none = Value<Double>.whole(WholeTensor([], shape: Self.shape(0)))
        #expect(
            throws: OperatorError.value(
                operation: "ReduceMax", reason: "no whole number is beyond all others of none")
        ) { try ReduceMax(ReducedAxes([0])).value(of: [none]) }
    }

    @Test("The largest of no numbers is −∞, the smallest ∞")
    func extremaOfNone() throws {
        let none = Value(Tensor<Double>([], shape: Self.shape(2, 0)))
        let (largest, smallest) = (ReduceMax(ReducedAxes([1])), ReduceMin(ReducedAxes([1], keeping: false)))
        #expect(try largest.value(of: [none]).value.tensor.elements == [-.infinity, -.infinity])
        #expect(try smallest.value(of: [none]).value.tensor.elements == [.infinity, .infinity])
    }

    @Test("What is not taken does no harm: no product of 0 and an infinity arises")
    func infinities() throws {
        let x = Tensor<Double>([1, 2], shape: Self.shape(2))
        let mask = Tensor<Double>([-.infinity, -.infinity], shape: Self.shape(2))
        let condition = Value<Double>.whole(WholeTensor([1, 0], shape: Self.shape(2)))
        let found = try Where().value(of: [condition, Value(x), Value(mask)]).value.tensor
        #expect(found.elements == [1, -.infinity])
        let point = Point<Double>(
            shapes: [Self.shape(2), Self.shape(2), Self.shape(2)], resultShape: Self.shape(2),
            operands: [condition])
        #expect(try Where().vjp(x, to: 1, at: point).plain.elements == [1, 0])
        #expect(try Where().vjp(x, to: 2, at: point).plain.elements == [0, 2])
        // A row of a masked softmax, and one of which nothing is left.
        let softmax = try Softmax().value(
            of: [Value(Tensor<Double>([0, -.infinity, 0], shape: Self.shape(1, 3)))])
        #expect(try softmax.value.tensor.elements == [0.5, 0, 0.5])
        // A query without any key, and one that an infinite key is masked for.
        let attention = Attention(mask: .condition)
        let keys = Tensor<Double>([1, 2], shape: Self.shape(1, 1, 2, 1))
        let looks = Value<Double>.whole(WholeTensor([0, 0, 1, 0], shape: Self.shape(2, 2)))
        let operands = [Value(keys), Value(keys), Value(keys), looks]
        let attended = try attention.value(of: operands)
        #expect(try attended.value.tensor.elements == [0, 1])
        let there = Point<Double>(
            shapes: operands.map(\.shape), resultShape: keys.shape,
            operands: [nil, operands[1], operands[2]],
            residue: attended.residue)
        #expect(try attention.vjp(keys, to: 0, at: there).plain.elements == [0, 0])
        // The nearest element is taken whatever stands beside it.
        let enlarged = try Resize(to: .extents([4]), mode: .linear, coordinates: .alignCorners).value(of: [
            Value(Tensor<Double>([1, 2, .infinity, 3], shape: Self.shape(4)))
        ])
        #expect(try enlarged.value.tensor.elements == [1, 2, .infinity, 3])
        // √ at 0 has an infinite slope; nothing flows into it where nothing comes.
        let root = Point<Double>(
            shapes: [Self.shape(2)], resultShape: Self.shape(2),
            operands: [Value(Tensor<Double>([0, 4], shape: Self.shape(2)))])
        #expect(
            try Sqrt().vjp(Tensor([0, 1], shape: Self.shape(2)), to: 0, at: root).plain.elements == [0, 0.25])
    }

    @Test("Both orders of a pixel shuffle are rearrangements of axes")
    func pixelShuffle() throws {
        let x = Tensor<Double>((0..<96).map(Double.init), shape: Self.shape(2, 8, 3, 2))
        for (order, split, permutation) in [
            (DepthToSpace.Order.columnRowDepth, [2, 2, 2, 2, 3, 2], [0, 1, 4, 2, 5, 3]),
            (.depthColumnRow, [2, 2, 2, 2, 3, 2], [0, 3, 4, 1, 5, 2]),
        ] {
            let shuffled = try DepthToSpace(size: 2, order: order).value(of: [Value(x)]).value.tensor
            let axes = try Transpose(order: permutation).value(of: [Value(x.reshaped(Shape(axes: split)))])
            #expect(shuffled.elements == (try axes.value.tensor.elements), "\(order)")
            #expect(shuffled.shape == Self.shape(2, 2, 6, 4))
        }
    }
}
