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
            (Gelu(), [shape(2), shape(2)], "Gelu takes 1 operands and is given 2."),
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
            (TopK(4), [shape(3)], "an axis of 3 has no more"),
            (ReduceSum(ReducedAxes([3])), [shape(2)], "has axes from -1 to 0"),
        ] as [(any Operator, [Shape], String)])
    func refusals(operation: any Operator, operands: [Shape], sentence: String) {
        let error = #expect(throws: OperatorError.self) { try operation.shape(of: operands) }
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
        #expect(
            throws: OperatorError.value(operation: "ReduceMax", reason: "there is a largest element of none")
        ) {
            try ReduceMax(ReducedAxes([0])).value(of: [Value(Tensor<Double>([], shape: Self.shape(0)))])
        }
    }

    @Test("What is not taken does no harm: no product of 0 and an infinity arises")
    func infinities() throws {
        let x = Tensor<Double>([1, 2], shape: Self.shape(2))
        let mask = Tensor<Double>([-.infinity, -.infinity], shape: Self.shape(2))
        let condition = Value<Double>.whole(WholeTensor([1, 0], shape: Self.shape(2)))
        let found = try Where().value(of: [condition, Value(x), Value(mask)])
        #expect(try found.value.tensor.elements == [1, -.infinity])
        let point = Point<Double>(
            shapes: [Self.shape(2), Self.shape(2), Self.shape(2)], resultShape: Self.shape(2), operands: [:],
            residue: found.residue)
        #expect(try Where().vjp(x, to: 1, at: point).plain.elements == [1, 0])
        #expect(try Where().vjp(x, to: 2, at: point).plain.elements == [0, 2])
        // A row of a masked softmax, and one of which nothing is left.
        let softmax = try Softmax().value(
            of: [Value(Tensor<Double>([0, -.infinity, 0], shape: Self.shape(1, 3)))])
        #expect(try softmax.value.tensor.elements == [0.5, 0, 0.5])
        // √ at 0 has an infinite slope; nothing flows into it where nothing comes.
        let root = Point<Double>(
            shapes: [Self.shape(2)], resultShape: Self.shape(2),
            operands: [0: Value(Tensor<Double>([0, 4], shape: Self.shape(2)))])
        #expect(
            try Sqrt().vjp(Tensor([0, 1], shape: Self.shape(2)), to: 0, at: root).plain.elements == [0, 0.25])
    }

    @Test("At the ends of a type's range", arguments: [-1e30, -100, -1e-30, 0, 1e-30, 100, 1e30])
    func extremes(x: Double) throws {
        let shape = Self.shape(1)
        for operation in [
            Gelu(), Gelu(approximation: .tanh), Tanh(), Softplus(), Elu(), Selu(), HardSwish(), HardSigmoid(),
            Erf(),
            Relu(), LeakyRelu(), Sigmoid(),
        ] as [any Operator] {
            let single = try operation.value(of: [Value(Tensor<Float>([Float(x)], shape: shape))])
            let double = try operation.value(of: [Value(Tensor<Double>([x], shape: shape))])
            let (a, b) = (Double(try single.value.tensor.elements[0]), try double.value.tensor.elements[0])
            // Two roundings of x and of the result; what is less than the type's smallest number may be 0.
            #expect(abs(a - b) <= 3e-7 * abs(b) + 1e-37, "\(operation.name)")
            let point = Point<Double>(
                shapes: [shape], resultShape: shape, operands: [0: Value(Tensor([x], shape: shape))])
            #expect(
                try operation.vjp(Tensor([1], shape: shape), to: 0, at: point).plain.elements[0].isFinite,
                "\(operation.name)")
        }
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
