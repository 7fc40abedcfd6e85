import Kernels
import Operators
import Tensors

extension OperatorCatalogue {
    static let pools: [String: Translation] = [
        "MaxPool": .operation { reading in
            MaxPool(
                try reading.window(over: reading.operand(0).spaceExtents),
                roundsUp: try reading.flag("ceil_mode"))
        },
        "AveragePool": .operation { reading in
            AveragePool(
                try reading.window(over: reading.operand(0).spaceExtents),
                countsPadding: try reading.flag("count_include_pad"),
                roundsUp: try reading.flag("ceil_mode"))
        },
        "LpPool": Translation { try $0.powerPool() },
        "GlobalAveragePool": .operation(ReduceSum(.space, isMean: true)),
        "GlobalMaxPool": .operation(ReduceMax(.space)),
        "GlobalLpPool": Translation { reading in
            try reading.norm(of: reading.operand(0), over: .space)
        },
        "LpNormalization": Translation { try $0.normalizedByNorm() },
    ]
}

extension NodeReading {
    /// The root of the sum of powers over every window.
    fileprivate mutating func powerPool() throws -> Operand {
        let x = try operand(0)
        let window = try window(over: x.spaceExtents)
        // Of windows that stand out, the mean is of fewer elements.
        guard try !flag("ceil_mode") else { throw unsupported("ceil_mode", 1) }
        return try norm(of: x, order: int("p", default: 2)) { reading, powers in
            let mean = try reading.apply(AveragePool(window, countsPadding: true), to: powers)
            let count = reading.number(Double(window.count), like: x)
            return try reading.apply(Mul(), to: mean, count)
        }
    }

    /// Divided by the norm along an axis, where that is not 0.
    fileprivate mutating func normalizedByNorm() throws -> Operand {
        let x = try operand(0)
        let norms = try norm(of: x, over: ReducedAxes([int("axis", default: -1)]))
        let isZero = try apply(Comparison(.equal), to: norms, number(0, like: x), type: .bool)
        let divisors = try apply(Where(), to: [isZero, number(1, like: x), norms], type: x.type)
        return try apply(Div(), to: x, divisors)
    }

    /// The root of the sum of powers over some axes.
    fileprivate mutating func norm(of x: Operand, over axes: ReducedAxes) throws -> Operand {
        let order = try int("p", default: 2)
        // That has a derivative where it is 0.
        if order == 2 { return try apply(ReduceL2(axes), to: x) }
        return try norm(of: x, order: order) { try $0.apply(ReduceSum(axes), to: $1) }
    }

    /// The p-th root of a sum of |x|ᵖ.
    private mutating func norm(
        of x: Operand, order: Int, sum: (inout NodeReading, Operand) throws -> Operand
    ) throws -> Operand {
        guard order > 0 else { throw unsupported("p", order) }
        let sizes = try apply(Abs(), to: x)
        if order == 1 { return try sum(&self, sizes) }
        let powers = try apply(Pow(), to: sizes, number(Double(order), like: x))
        return try apply(Pow(), to: sum(&self, powers), number(1 / Double(order), like: x))
    }

    /// One number as an operand.
    mutating func number(_ number: Double, like other: Operand) -> Operand {
        constant([number], shape: Shape(axes: []), type: other.type)
    }
}
