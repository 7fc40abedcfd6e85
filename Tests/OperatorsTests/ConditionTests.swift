import Kernels
import Operators
import Tensors
import Testing

/// Comparisons, connectives and searches: what ends the signal.
struct ConditionTests {
    private static func whole(_ elements: [Int], _ axes: Int...) -> Value<Double> {
        .whole(WholeTensor(elements, shape: Shape(axes: axes)))
    }
    private static func real(_ elements: [Double], _ axes: Int...) -> Value<Double> {
        Value(Tensor(elements, shape: Shape(axes: axes)))
    }

    @Test(
        "A relation of real and of whole numbers, which are stretched to each other; of a NaN nothing holds")
    func relations() throws {
        let (x, y) = (Self.real([1, 2, 3, .nan], 4), Self.real([2], 1))
        let (m, n) = (Self.whole([1, 2, 3], 3, 1), Self.whole([2, 3], 2))
        for (relation, real, whole) in [
            (.equal, [0, 1, 0, 0], [0, 0, 1, 0, 0, 1]), (.less, [1, 0, 0, 0], [1, 1, 0, 1, 0, 0]),
            (.lessOrEqual, [1, 1, 0, 0], [1, 1, 1, 1, 0, 1]), (.greater, [0, 0, 1, 0], [0, 0, 0, 0, 1, 0]),
            (.greaterOrEqual, [0, 1, 1, 0], [0, 0, 1, 0, 1, 1]),
        ] as [(Comparison.Relation, [Int], [Int])] {
            let comparison = Comparison(relation)
            #expect(try comparison.value(of: [x, y]).value.whole.elements == real, "\(relation)")
            #expect(try comparison.value(of: [m, n]).value.whole.elements == whole, "\(relation)")
        }
        // What Double does not tell apart.
        let large = [Self.whole([.max], 1), Self.whole([.max - 1], 1)]
        #expect(try Comparison(.equal).value(of: large).value.whole.elements == [0])
    }

    @Test("Connectives of conditions, which whole numbers other than 0 are")
    func connectives() throws {
        let operands = [Self.whole([0, 0, 2, 1], 4), Self.whole([0, 1, 0, 3], 4)]
        for (kind, holds) in [(.and, [0, 0, 0, 1]), (.or, [0, 1, 1, 1]), (.xor, [0, 1, 1, 0])]
            as [(Connective.Kind, [Int])]
        {
            #expect(try Connective(kind).value(of: operands).value.whole.elements == holds, "\(kind)")
        }
        #expect(try Not().value(of: [operands[0]]).value.whole.elements == [1, 1, 0, 0])
        let real = Self.real([1], 1)
        #expect(throws: OperatorError.notWhole) { try Connective(.and).value(of: [real, real]) }
        #expect(throws: OperatorError.notWhole) { try Not().value(of: [real]) }
    }

    @Test("Places of the largest and the smallest; of equal ones the first or the last, and a NaN before all")
    func places() throws {
        let x = Self.real([1, 3, 3, 2, 0, 0], 2, 3)
        func found(_ search: ArgExtremum) throws -> [Int] { try search.value(of: [x]).value.whole.elements }
        #expect(try found(ArgExtremum(axis: 1, largest: true)) == [1, 0])
        #expect(try found(ArgExtremum(axis: 1, largest: true, takingLast: true)) == [2, 0])
        #expect(try found(ArgExtremum(axis: -1, largest: false, takingLast: true)) == [0, 2])
        #expect(try found(ArgExtremum(largest: false)) == [0, 1, 1])
        let undefined = Self.real([1, .nan, 3], 3)
        #expect(try ArgExtremum(largest: true).value(of: [undefined]).value.whole.elements == [1])
        let dropping = ArgExtremum(axis: 0, largest: true, keepingAxis: false)
        #expect(try dropping.shape(of: [Shape(axes: [2, 3])]) == Shape(axes: [3]))
        #expect(throws: OperatorError.self) { try dropping.shape(of: [Shape(axes: [0, 3])]) }
    }

    @Test("Tests of numbers")
    func numbers() throws {
        let x = Self.real([1, .infinity, -.infinity, .nan], 4)
        for (kind, holds) in [
            (.isNaN, [0, 0, 0, 1]), (.isInfinite(), [0, 1, 1, 0]),
            (.isInfinite(detectsNegative: false), [0, 1, 0, 0]),
            (.isInfinite(detectsPositive: false), [0, 0, 1, 0]),
        ] as [(NumberTest.Kind, [Int])] {
            #expect(try NumberTest(kind).value(of: [x]).value.whole.elements == holds, "\(kind)")
        }
    }

    @Test("No derivative passes them")
    func derivatives() throws {
        let shape = Shape(axes: [2])
        let tensor = Tensor<Double>([1, 2], shape: shape)
        let point = Point<Double>(shapes: [shape, shape], resultShape: shape, operands: [])
        for operation in [
            Comparison(.less), Connective(.or), Not(), NumberTest(.isNaN), ArgExtremum(largest: true),
            TopKIndices(TopK(1)),
        ] as [any Operator] {
            #expect(!operation.isDifferentiable(in: 0))
            let error = OperatorError.notDifferentiable(operation: operation.name, slot: 1)
            #expect(throws: error) { try operation.vjp(tensor, to: 1, at: point) }
            #expect(throws: error) { try operation.jvp(tensor, from: 1, at: point) }
        }
        for step in [Floor(), Ceil(), Round(), Sign()] as [any Operator] {
            #expect(!step.isDifferentiable(in: 0), "\(step.name)")
        }
    }

    @Test("Steps jump where ONNX has it: halves go to the even number")
    func steps() throws {
        let x = Tensor<Double>([-1.5, -0.5, 0, 0.5, 1.5, 1.6], shape: Shape(axes: [6]))
        for (step, expected) in [
            (Floor(), [-2, -1, 0, 0, 1, 1]), (Ceil(), [-1, 0, 0, 1, 2, 2]), (Round(), [-2, 0, 0, 0, 2, 2]),
            (Sign(), [-1, -1, 0, 1, 1, 1]),
        ] as [(any Operator, [Double])] {
            #expect(try step.value(of: [Value(x)]).value.tensor.elements == expected, "\(step.name)")
        }
    }
}
