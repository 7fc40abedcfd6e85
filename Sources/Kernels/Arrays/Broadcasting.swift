import Tensors

extension Shape {
    /// The shape that two operands of different shapes are both stretched to: axes are matched from the last one on, and
    /// an extent of 1, or none, goes with any (the rule of NumPy and ONNX). `nil` where they do not go together.
    public static func broadcast(_ a: Shape, _ b: Shape) -> Shape? {
        let rank = max(a.rank, b.rank)
        var axes = [Int](repeating: 1, count: rank)
        for axis in 0..<rank {
            let (x, y) = (a.extent(axis, ofRank: rank), b.extent(axis, ofRank: rank))
            guard x == y || x == 1 || y == 1 else { return nil }
            axes[axis] = x == 1 ? y : x
        }
        return Shape(axes: axes)
    }

    /// The extent along an axis of a shape of greater rank that this one is stretched to.
    private func extent(_ axis: Int, ofRank rank: Int) -> Int {
        let own = axis - (rank - self.rank)
        return own < 0 ? 1 : self[own]
    }

    /// Strides through this shape's elements, as those of a shape that it is stretched to are walked.
    public func strides(stretchedTo other: Shape) -> [Int] {
        let (own, missing) = (strides, other.rank - rank)
        return (0..<other.rank).map { axis in
            axis < missing || self[axis - missing] == 1 ? 0 : own[axis - missing]
        }
    }
}

// In double precision. A tensor in blocks stays in them where it has all the channels of the result.
extension KernelSet {
    /// f(x, y) element by element, in the shape that both are stretched to.
    ///
    /// - Parameter shape: `Shape.broadcast` of the two.
    @specialized(where Self == OneDNNKernels)
    @specialized(where Self == ReferenceKernels)
    public func broadcast(
        _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, to shape: Shape, _ f: @escaping (Double, Double) -> Double
    ) -> Tensor<Scalar> {
        if x.shape == y.shape { return map(x, y, f) }
        let block = [x, y].first { $0.block > 1 && $0.hasChannels(of: shape) }?.block ?? 1
        let (x, y) = (x.walkable(along: shape, block: block), y.walkable(along: shape, block: block))
        var result = Tensor<Scalar>(uninitialized: shape, block: block)
        let boxes = StridedRows.boxes(of: shape, block: block, walking: [result.walked, x.walked, y.walked])
        x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
                result.withUnsafeMutableBufferPointer { target in
                    let (x, y, target) = (Unchecked(x), Unchecked(y), Unchecked(target))
                    for rows in boxes {
                        let (step, xStep, yStep) = (rows.step(in: 0), rows.step(in: 1), rows.step(in: 2))
                        forEachRow(of: rows) { row in
                            let start = rows.start(ofRow: row, in: 0)
                            let xStart = rows.start(ofRow: row, in: 1)
                            let yStart = rows.start(ofRow: row, in: 2)
                            for index in 0..<rows.length {
                                target.value[start + index * step] = Scalar(
                                    f(
                                        Double(x.value[xStart + index * xStep]),
                                        Double(y.value[yStart + index * yStep])))
                            }
                        }
                    }
                }
            }
        }
        if result.isPadded { result.clearPadding() }
        return result
    }

    /// x stretched to a greater shape.
    public func stretch(_ x: Tensor<Scalar>, to shape: Shape) -> Tensor<Scalar> {
        x.shape == shape ? x : broadcast(x, Tensor(zeros: shape), to: shape) { x, _ in x }
    }

    /// The transpose of `stretch`: the sum over all that an element was stretched to, in a fixed order.
    ///
    /// - Parameter shape: one that stretches to that of x.
    @specialized(where Self == OneDNNKernels)
    @specialized(where Self == ReferenceKernels)
    public func sum(_ x: Tensor<Scalar>, to shape: Shape) -> Tensor<Scalar> {
        x.shape == shape ? x : reduce(x, to: shape, from: 0) { $0 + $1 }
    }

    /// √Σx² over all that an element of a shape is stretched to. The squares, which the type may not hold, are Double's.
    @specialized(where Self == OneDNNKernels)
    @specialized(where Self == ReferenceKernels)
    public func norm(_ x: Tensor<Scalar>, to shape: Shape) -> Tensor<Scalar> {
        reduce(x, to: shape, from: 0, { $0 + $1 * $1 }, finish: { $0.squareRoot() })
    }

    /// The largest of all that an element of a shape is stretched to; −∞ of none.
    @specialized(where Self == OneDNNKernels)
    @specialized(where Self == ReferenceKernels)
    public func largest(_ x: Tensor<Scalar>, to shape: Shape) -> Tensor<Scalar> {
        x.shape == shape ? x : reduce(x, to: shape, from: -.infinity) { $1.isNaN ? $1 : max($0, $1) }
    }

    @inline(__always)
    private func reduce(
        _ x: Tensor<Scalar>, to shape: Shape, from start: Double, _ join: (Double, Double) -> Double,
        finish: (Double) -> Double = { $0 }
    ) -> Tensor<Scalar> {
        let x = x.walkable(along: x.shape, block: x.block)
        var joined = [Double](repeating: start, count: shape.count)
        let target = StridedRows.Walked(shape: shape, block: 1)
        for rows in StridedRows.boxes(of: x.shape, block: x.block, walking: [x.walked, target]) {
            let (xStep, step) = (rows.step(in: 0), rows.step(in: 1))
            x.withUnsafeBufferPointer { x in
                for row in 0..<rows.count {
                    let (start, target) = (rows.start(ofRow: row, in: 0), rows.start(ofRow: row, in: 1))
                    for index in 0..<rows.length {
                        let place = target + index * step
                        joined[place] = join(joined[place], Double(x[start + index * xStep]))
                    }
                }
            }
        }
        return Tensor(rounding: joined.map(finish), shape: shape)
    }
}

extension Tensor {
    fileprivate var walked: StridedRows.Walked { .init(shape: shape, block: block) }

    /// Whether blocks of its channels are blocks of those of a shape that it stretches to.
    fileprivate func hasChannels(of other: Shape) -> Bool {
        shape.rank == other.rank && shape.rank >= 2 && shape.channels == other.channels
    }

    /// Plain, or in blocks that those of the result are.
    fileprivate func walkable(along other: Shape, block newBlock: Int) -> Tensor {
        block == 1 || block == newBlock && hasChannels(of: other) ? self : reblocked(to: 1)
    }
}

/// Runs `body` for every row, on as many threads as compute. What it writes must be the row's own.
private func forEachRow(of rows: StridedRows, _ body: @escaping (_ row: Int) -> Void) {
    // Short rows are taken several at a time.
    let group = max(1, (1 << 13) / max(1, rows.length))
    forEachIndex(below: (rows.count + group - 1) / group, cost: rows.count * rows.length * 12) { index in
        for row in index * group..<min(rows.count, (index + 1) * group) { body(row) }
    }
}
