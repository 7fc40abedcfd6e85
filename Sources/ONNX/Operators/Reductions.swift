import Operators

extension OperatorCatalogue {
    static let reductions: [String: Translation] = [
        "ReduceSum": .reduction { ReduceSum($0) },
        "ReduceMean": .reduction { ReduceSum($0, isMean: true) },
        "ReduceMax": .reduction { ReduceMax($0) }, "ReduceMin": .reduction { ReduceMin($0) },
        "ReduceProd": .reduction { ReduceProd($0) }, "ReduceL2": .reduction { ReduceL2($0) },
        "ReduceLogSumExp": .reduction { ReduceLogSumExp($0) },
        "ReduceL1": Translation { reading in
            try reading.reduced { reading, x, axes in
                try reading.apply(ReduceSum(axes), to: reading.apply(Abs(), to: x))
            }
        },
        "ReduceSumSquare": Translation { reading in
            try reading.reduced { reading, x, axes in
                try reading.apply(ReduceSum(axes), to: reading.apply(Mul(), to: x, x))
            }
        },
        "ReduceLogSum": Translation { reading in
            try reading.reduced { reading, x, axes in
                try reading.apply(Log(), to: reading.apply(ReduceSum(axes), to: x))
            }
        },
        "CumSum": .init { reading in
            let axis = try reading.whole(1, "axis")
            return try reading.apply(
                CumSum(
                    axis: axis, exclusive: reading.flag("exclusive"), reversed: reading.flag("reverse")),
                to: reading.operand(0))
        },
        "ArgMax": .place(ofLargest: true), "ArgMin": .place(ofLargest: false),
    ]
}

extension Translation {
    fileprivate static func reduction(
        _ make: @escaping @Sendable (ReducedAxes) -> any Operator
    ) -> Translation {
        Translation { try $0.reduced { try $0.apply(make($2), to: $1) } }
    }

    fileprivate static func place(ofLargest isLargest: Bool) -> Translation {
        .operation(type: .int64) {
            ArgExtremum(
                axis: try $0.int("axis", default: 0), largest: isLargest,
                keepingAxis: try $0.flag("keepdims", default: true),
                takingLast: try $0.flag("select_last_index"))
        }
    }
}

extension NodeReading {
    /// Axes are an attribute before opset 18 (13 of `ReduceSum`), an operand from then on; none stand for all, or for
    /// none.
    fileprivate mutating func reduced(
        _ reduce: (inout NodeReading, Operand, ReducedAxes) throws -> Operand
    ) throws -> Operand {
        let (x, axes) = (try operand(0), try wholes("axes", orOperand: 1) ?? [])
        if axes.isEmpty, try flag("noop_with_empty_axes") { return try apply(Identity(), to: x) }
        return try reduce(
            &self, x,
            ReducedAxes(axes.isEmpty ? nil : axes, keeping: flag("keepdims", default: true)))
    }
}
