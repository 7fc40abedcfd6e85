import Kernels
import Operators
import Tensors
import Testing

/// Shapes, indices and conditions are computed by the same operations as the signal, and stay whole.
struct WholeNumberTests {
    private static func whole(_ elements: [Int], _ axes: Int...) -> Value<Double> {
        .whole(WholeTensor(elements, shape: Shape(axes: axes)))
    }
    private static let matrix = whole([1, 2, 3, 4, 5, 6], 2, 3)

    @Test(
        "Results are whole and exact",
        arguments: [
            (Identity(), [matrix], whole([1, 2, 3, 4, 5, 6], 2, 3)),
            (Cast(from: .whole, to: .whole), [matrix], matrix),
            (Cast(from: .whole, to: .condition), [whole([0, -3], 2)], whole([0, 1], 2)),
            (Reshape([3, -1]), [matrix], whole([1, 2, 3, 4, 5, 6], 3, 2)),
            (Reshape.flatten(from: 0), [matrix], whole([1, 2, 3, 4, 5, 6], 1, 6)),
            (Reshape.unsqueeze([0]), [whole([7], 1)], whole([7], 1, 1)),
            (Reshape.squeeze(), [whole([7], 1, 1)], whole([7])),
            (Transpose(), [matrix], whole([1, 4, 2, 5, 3, 6], 3, 2)),
            (Slice([.init(axis: 1, start: -1, end: .min, step: -2)]), [matrix], whole([3, 1, 6, 4], 2, 2)),
            (Slice([.init(axis: 0, start: 1, end: .max, step: .max)]), [matrix], whole([4, 5, 6], 1, 3)),
            (Slice([.init(axis: 1, start: .max, end: .min, step: .min)]), [matrix], whole([3, 6], 2, 1)),
            (Concat(axis: 0), [whole([1], 1), whole([2, 3], 2)], whole([1, 2, 3], 3)),
            (Expand(to: Shape(axes: [2, 2])), [whole([1, 2], 2, 1)], whole([1, 1, 2, 2], 2, 2)),
            (Tile([2]), [whole([1, 2], 2)], whole([1, 2, 1, 2], 4)),
            (Pad(before: [1], after: [0], fill: -1), [whole([1, 2], 2)], whole([-1, 1, 2], 3)),
            (Gather(axis: 1), [matrix, whole([-1, 0], 2)], whole([3, 1, 6, 4], 2, 2)),
            (GatherElements(), [matrix, whole([1, 0, 1], 1, 3)], whole([4, 2, 6], 1, 3)),
            (
                ScatterND(), [whole([1, 2, 3], 3), whole([2], 1, 1), whole([9], 1)], whole([1, 2, 9], 3)
            ),
            (Where(), [whole([1, 0], 2), whole([5], 1), whole([6, 7], 2)], whole([5, 7], 2)),
            (Add(), [matrix, whole([10, 20], 2, 1)], whole([11, 12, 13, 24, 25, 26], 2, 3)),
            (Add.subtracting, [whole([1, 2], 2), whole([5], 1)], whole([-4, -3], 2)),
            (Add.ofAny, [whole([1], 1), whole([2], 1), whole([3, 4], 2)], whole([6, 7], 2)),
            (Mul(), [whole([3, .max / 3], 2), whole([3], 1)], whole([9, .max / 3 * 3], 2)),
            (Div(), [whole([7, -7], 2), whole([2], 1)], whole([3, -3], 2)),
            (Pow(), [whole([3, -2], 2), whole([2, 3], 2)], whole([9, -8], 2)),
            (Max(), [whole([1, 5], 2), whole([3], 1)], whole([3, 5], 2)),
            (Min(), [whole([1, 5], 2), whole([3], 1)], whole([1, 3], 2)),
            (
                Mod(), [whole([7, -7, 7, -7, .min], 5), whole([3, 3, -3, -3, -1], 5)],
                whole([1, 2, -2, -1, 0], 5)
            ),
            (
                Mod(truncates: true), [whole([7, -7, 7, -7, .min], 5), whole([3, 3, -3, -3, -1], 5)],
                whole([1, -1, 1, -1, 0], 5)
            ),
            (Neg(), [matrix], whole([-1, -2, -3, -4, -5, -6], 2, 3)),
            (Abs(), [whole([-4, 3], 2)], whole([4, 3], 2)),
            (Sign(), [whole([-4, 0, 3], 3)], whole([-1, 0, 1], 3)),
            (ReduceSum(ReducedAxes([1])), [matrix], whole([6, 15], 2, 1)),
            (ReduceSum(ReducedAxes([0], keeping: false), isMean: true), [matrix], whole([2, 3, 4], 3)),
            (ReduceMax(ReducedAxes([0], keeping: false)), [matrix], whole([4, 5, 6], 3)),
            (ReduceMin(ReducedAxes(nil, keeping: false)), [matrix], whole([1])),
            (ReduceProd(ReducedAxes([1], keeping: false)), [matrix], whole([6, 120], 2)),
            (CumSum(axis: 1), [matrix], whole([1, 3, 6, 4, 9, 15], 2, 3)),
            (CumSum(axis: 0, exclusive: true, reversed: true), [matrix], whole([4, 5, 6, 0, 0, 0], 2, 3)),
            (TopK(2), [matrix], whole([3, 2, 6, 5], 2, 2)),
            (TopKIndices(TopK(1)), [matrix], whole([2, 2], 2, 1)),
            (ArgExtremum(axis: 1, largest: false), [matrix], whole([0, 0], 2, 1)),
            (Trilu(), [matrix], whole([1, 2, 3, 0, 5, 6], 2, 3)),
            (Trilu(upper: false, offset: .min), [matrix], whole([0, 0, 0, 0, 0, 0], 2, 3)),
            (GatherND(), [matrix, whole([1, -1], 1, 2)], whole([6], 1)),
            (
                ScatterElements(accumulating: true),
                [whole([1, 2, 3], 3), whole([2, 2], 2), whole([10, 20], 2)],
                whole([1, 2, 33], 3)
            ),
        ] as [(any Operator, [Value<Double>], Value<Double>)])
    func results(operation: any Operator, operands: [Value<Double>], expected: Value<Double>) throws {
        let found = try operation.value(of: operands).value.whole
        #expect(found == (try expected.whole), "\(operation.name)")
        #expect(try operation.shape(of: operands.map(\.shape)) == found.shape, "\(operation.name)")
    }

    @Test("Beside real numbers they count as real, in arithmetic alone")
    func mixtures() throws {
        let shape = Shape(axes: [2])
        let (real, two) = (Value(Tensor<Double>([1.5, -3], shape: shape)), Self.whole([2], 1))
        #expect(try Mul().value(of: [real, two]).value.tensor.elements == [3, -6])
        #expect(try Add().value(of: [two, real]).value.tensor.elements == [3.5, -1])
        #expect(try Pow().value(of: [real, two]).value.tensor.elements == [2.25, 9])
        let point = Point<Double>(
            shapes: [shape, Shape(axes: [1])], resultShape: shape, operands: [real, two])
        #expect(try Pow().vjp(Tensor([1, 1], shape: shape), to: 0, at: point).plain.elements == [3, -6])
        #expect(throws: OperatorError.notWhole) { try Concat(axis: 0).value(of: [two, real]) }
        #expect(throws: OperatorError.notReal) {
            try Attention(mask: .addend).value(of: [Value](repeating: Self.whole([1], 1, 1, 1, 1), count: 4))
        }
    }

    @Test("From real to whole: without the fraction, and no further than 64 bits have")
    func casts() throws {
        let shape = Shape(axes: [4])
        let x = Tensor<Double>([2.7, -2.7, 0, -0.1], shape: shape)
        let cast = Cast(to: .whole)
        #expect(try cast.value(of: [Value(x)]).value.whole.elements == [2, -2, 0, 0])
        #expect(try Cast(to: .condition).value(of: [Value(x)]).value.whole.elements == [1, 1, 0, 1])
        let back = Cast(from: .whole, to: .real)
        #expect(try back.value(of: [Self.whole([3], 1)]).value.tensor.elements == [3])
        let beyond = Tensor<Double>([1e19, -.infinity, .nan, -1e300], shape: shape)
        #expect(
            try cast.value(of: [Value(beyond)]).value.whole.elements == [.max, .min, 0, .min])
        // The signal ends where numbers are whole.
        #expect(Cast(to: .real).role == .identity)
        for ended in [cast, back, Cast(to: .condition)] {
            #expect(!ended.isDifferentiable(in: 0))
            #expect(ended.role == .other)
            let point = Point<Double>(shapes: [shape], resultShape: shape, operands: [])
            #expect(throws: OperatorError.notDifferentiable(operation: "Cast", slot: 0)) {
                try ended.vjp(x, to: 0, at: point)
            }
        }
    }

    @Test("Nor is what operators of one operand cannot hold, or have no whole result for")
    func overflowOfOne() {
        for (operation, operand) in [
            (Neg(), Self.whole([.min], 1)), (Abs(), Self.whole([.min], 1)),
            (ReduceSum(ReducedAxes()), Self.whole([.max, 1], 2)),
            (CumSum(axis: 0), Self.whole([.max, 1], 2)),
            (ReduceProd(ReducedAxes()), Self.whole([.max, 2], 2)),
        ] as [(any Operator, Value<Double>)] {
            let error = #expect(throws: OperatorError.self) { try operation.value(of: [operand]) }
            #expect(
                error.map { "\($0)" }?.hasPrefix("\(operation.name) cannot be computed") == true,
                "\(operation.name)")
        }
        let sum = [Self.whole([.max], 1), Self.whole([0], 1), Self.whole([1], 1)]
        #expect(throws: OperatorError.self) { try ScatterElements(accumulating: true).value(of: sum) }
        #expect(throws: OperatorError.notReal) { try Floor().value(of: [Self.matrix]) }
    }

    @Test("What 64 bits do not hold is refused")
    func overflow() {
        for (operation, x, y) in [
            (Add(), Int.max, 1), (Add.subtracting, .min, 1), (Mul(), .max, 2), (Div(), 1, 0),
            (Div(), .min, -1), (Mod(), 1, 0), (Mod(truncates: true), 1, 0),
            (Pow(), 10, 40),
        ] as [(any Operator, Int, Int)] {
            let reason = "its result for the whole numbers \(x) and \(y) is none of 64 bits"
            #expect(throws: OperatorError.value(operation: operation.name, reason: reason)) {
                try operation.value(of: [Self.whole([x], 1), Self.whole([y], 1)])
            }
        }
    }
}
