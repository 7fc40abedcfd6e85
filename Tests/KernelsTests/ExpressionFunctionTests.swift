import Expressions
import Tensors
import Testing

@testable import Kernels

/// Programs over elements: single precision against the meaning of a formula in double precision, and their inputs.
@Suite("Expression programs")
struct ExpressionFunctionTests {
    private static let x = Expression.symbol(.x)
    private static let (a, b, c) = (
        Expression.learned(LearnedNumber(name: "a")), Expression.learned(LearnedNumber(name: "b")),
        Expression.learned(LearnedNumber(name: "c"))
    )

    /// Every 4099th number of single precision, which is a logarithmic grid of both signs with 2046 points between powers
    /// of 2, and where functions turn: limits, ends of the normal numbers, bounds of the kernel's cases.
    private static let grid: [Float] = {
        let turns: [Float] = [
            0, 0.5, 1, 1.4142135, 4.2, 9, 10, 13.2, 15, 20, 87.33654, 88, 88.72284, 89, 91.8, 104, 105, 110,
            1_048_576,
            .pi, .pi / 2, 355, 1e22, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
            .infinity,
        ]
        let beside = turns.flatMap { [$0.nextDown, $0, $0.nextUp] }
        return stride(from: UInt32(0), to: .max, by: 4099).map(Float.init(bitPattern:)) + beside
            + beside.map(-)
    }()

    @Test("Functions are within 4 units of the last place", arguments: Function.allCases)
    func accuracy(function: Function) {
        let program = ExpressionProgram(.unary(function, Self.x), inputs: [Self.x])
        let found = Self.evaluate(program, on: [Self.grid])
        for (x, y) in zip(Self.grid, found) {
            let expected = function.value(at: Double(x))
            guard !Self.isClose(y, expected) else { continue }
            Issue.record("\(function)(\(x)) = \(y) for \(expected)")
            return
        }
    }

    /// Whole, odd, fractional, of either sign, tiny, huge, and none.
    @Test(
        "Powers are within 4 units of the last place",
        arguments: [
            0, 0.5, -0.5, 1, -1, 2, 2.5, 3, -3, 4, 7, 33, -100, 1e-30, 1.0001, 4_194_303, 4_194_304, 1e9,
            .infinity,
            -.infinity, .nan,
        ] as [Float])
    func powers(exponent: Float) {
        let grid = stride(from: 0, to: Self.grid.count, by: 5).map { Self.grid[$0] } + Self.grid.suffix(200)
        let program = ExpressionProgram(.binary(.power, Self.a, Self.b), inputs: [Self.a, Self.b])
        let found = Self.evaluate(program, on: [grid, [exponent]])
        for (x, y) in zip(grid, found) {
            let expected = Expression.Operation.power.value(Double(x), Double(exponent))
            guard !Self.isClose(y, expected) else { continue }
            Issue.record("\(x)^\(exponent) = \(y) for \(expected)")
            return
        }
    }

    /// What the kernels promise. Every 7th number of single precision was compared once: the worst is 3.2 units (SiLU), and
    /// below the normal numbers, where the unit is that of the least of them and a result is rounded twice, 1.3.
    private static func isClose(_ y: Float, _ expected: Double) -> Bool {
        let rounded = Float(expected)
        guard !expected.isNaN else { return y.isNaN }
        // The end of the range is as near as any other number.
        if !rounded.isFinite || !y.isFinite {
            return y == rounded
                || abs(expected) > 0.999999 * Double(Float.greatestFiniteMagnitude)
                    && abs(y) > 0.999999 * .greatestFiniteMagnitude && y.sign == rounded.sign
        }
        guard y.sign == rounded.sign else { return false }
        let units = abs(Double(y) - expected) / Double(rounded.ulp)
        return units <= (rounded.isNormal ? 4 : 2)
    }

    @Test("Operations mean what they mean in double precision, at numbers that are none too")
    func operations() {
        let numbers: [Float] = [-.infinity, -2.5, -1, -0.0, 0, 1e-40, 0.75, 1, 3, .infinity, .nan]
        let triples = numbers.flatMap { a in numbers.flatMap { b in numbers.map { (a, b, $0) } } }
        let inputs = [triples.map(\.0), triples.map(\.1), triples.map(\.2)]
        let formulas =
            Expression.Operation.allCases.map { Expression.binary($0, Self.a, Self.b) }
            + Relation.allCases.map { .compared(Self.a, $0, Self.b) }
            + [.choice(Self.a, Self.b, Self.c), .clipped(Self.a, Self.b, Self.c)]
        for formula in formulas {
            let program = ExpressionProgram(formula, inputs: [Self.a, Self.b, Self.c])
            let single = Self.evaluate(program, on: inputs)
            let double = Double.kernels.evaluate(
                program, on: inputs.map { Tensor($0.map(Double.init), shape: Shape(axes: [$0.count])) }
            ).elements
            for (index, (a, b, c)) in triples.enumerated() {
                let expected = formula.value(of: [a, b, c].map(Double.init))
                // NaN among bounds has no meaning of its own.
                if case .clipped = formula, b.isNaN || c.isNaN { continue }
                // Rounding to double precision first changes nothing, as it has more than twice the digits;
                // powers are no single roundings.
                #expect(
                    single[index] == Float(expected) || single[index].isNaN && expected.isNaN
                        || formula == .binary(.power, Self.a, Self.b)
                            && Self.isClose(single[index], expected),
                    "\(formula) of \(a), \(b), \(c): \(single[index]) for \(expected)")
                #expect(
                    double[index] == expected || double[index].isNaN && expected.isNaN,
                    "\(formula) of \(a), \(b), \(c): \(double[index]) for \(expected)")
            }
        }
    }

    @Test("Any count of elements, on any number of threads")
    func counts() {
        // tanh(a)·b + 0.1, so that a register is used again.
        let formula = Expression.binary(.plus, .binary(.times, .unary(.tanh, Self.a), Self.b), 0.1)
        let program = ExpressionProgram(formula, inputs: [Self.a, Self.b])
        for count in [0, 1, 15, 16, 17, 511, 512, 529, 20_011] {
            let shape = Shape(axes: [count])
            let (x, y) = (Tensor<Float>.random(shape, seed: 61), Tensor<Float>.random(shape, seed: 62))
            let expected = Double.kernels.evaluate(program, on: [x.converted(), y.converted()])
            for threads in [1, 3] {
                ComputeThreads.count = threads
                defer { ComputeThreads.count = 1 }
                expectClose(
                    Float.kernels.evaluate(program, on: [x, y]), expected.elements,
                    tolerance: elementTolerance)
            }
        }
    }

    @Test("An input of one element stands for its number everywhere", arguments: [1, 8, 16])
    func numbers(block: Int) {
        let formula = Expression.binary(.plus, .binary(.times, Self.a, Self.b), Self.c)
        let program = ExpressionProgram(formula, inputs: [Self.a, Self.b, Self.c])
        let shape = Shape(axes: [3, 19, 5, 7])
        let (x, y) = (
            Tensor<Float>.random(shape, block: block, seed: 63), Tensor<Float>.random(shape, seed: 64)
        )
        for axes in [[], [1], [1, 1, 1, 1]] {
            let number = Tensor<Float>([-0.7], shape: Shape(axes: axes), block: axes.count == 4 ? block : 1)
            let filled = Tensor<Float>([Float](repeating: -0.7, count: shape.count), shape: shape)
            for (some, all) in [
                ([x, number, y], [x, filled, y]), ([number, x, number], [filled, x, filled]),
                ([number, number, x], [filled, filled, x]),
            ] {
                let found = Float.kernels.evaluate(program, on: some)
                #expect(found.shape == shape && found.block == block)
                #expect(found.elements == Float.kernels.evaluate(program, on: all).elements)
                #expect(found.hasZeroPadding)
                let double = Double.kernels.evaluate(program, on: some.map { $0.converted() })
                #expect(double.shape == shape)
                expectClose(found, double.elements, tolerance: elementTolerance)
            }
            // The number itself is the result.
            let itself = ExpressionProgram(Self.b, inputs: [Self.a, Self.b])
            #expect(Float.kernels.evaluate(itself, on: [x, number]).elements == filled.elements)
            let alone = Float.kernels.evaluate(
                program, on: [number, Tensor([2], shape: Shape(axes: [1, 1])), number])
            #expect(alone.shape == number.shape && alone.elements == [-0.7 * 2 - 0.7])
        }
    }

    /// In the memory of the last input the result is the same, and whoever else holds that input keeps it.
    @Test("A result in the memory of its last input is the same", arguments: [1, 8, 16])
    func replacing(block: Int) {
        let formula = Expression.binary(
            .times, Self.c, .binary(.plus, .unary(.tanh, Self.a), .binary(.times, Self.b, Self.c)))
        let program = ExpressionProgram(formula, inputs: [Self.a, Self.b, Self.c])
        let shape = Shape(axes: [3, 19, 5, 7])
        let x = Tensor<Float>.random(shape, block: block, seed: 65)
        for y in [Tensor<Float>.random(shape, seed: 66), Tensor([0.3], shape: Shape(axes: [1]))] {
            func last() -> Tensor<Float> { .random(shape, block: block, seed: 67) }
            let expected = Float.kernels.evaluate(program, on: [x, y, last()])
            let replaced = Float.kernels.evaluate(program, on: [x, y], replacing: last())
            #expect(replaced.elements == expected.elements && replaced.hasZeroPadding)
            let held = last()
            #expect(
                Float.kernels.evaluate(program, on: [x, y], replacing: held).elements == expected.elements)
            #expect(held.elements == last().elements)
            let double = Double.kernels.evaluate(
                program, on: [x.converted(), y.converted()], replacing: last().converted())
            expectClose(replaced, double.elements, tolerance: elementTolerance)
        }
    }

    private static func evaluate(_ program: ExpressionProgram, on inputs: [[Float]]) -> [Float] {
        Float.kernels.evaluate(program, on: inputs.map { Tensor($0, shape: Shape(axes: [$0.count])) })
            .elements
    }
}
