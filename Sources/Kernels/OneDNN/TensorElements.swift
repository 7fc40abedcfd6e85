import CFusedKernels
import Tensors

// How tensors are lent to C: the pointers are valid inside the closure only. Tensors of one shape may come in any blocks;
// C is given all in those of the first that is in blocks.

func withElements<Result>(
    _ x: Tensor<Float>, _ body: (UnsafePointer<Float>?) throws -> Result
) rethrows -> Result {
    try x.withUnsafeBufferPointer { try body($0.baseAddress) }
}

func withElements<Result>(
    _ x: Tensor<Float>, _ y: Tensor<Float>,
    _ body: (UnsafePointer<Float>?, UnsafePointer<Float>?) throws -> Result
) rethrows -> Result {
    try withElements(x) { x in try withElements(y) { y in try body(x, y) } }
}

/// Stops on a programming error that would make C read past the end of a tensor.
func requireSameExtent(_ x: Tensor<Float>, _ y: Tensor<Float>) {
    precondition(
        x.shape == y.shape && x.block == y.block,
        "\(x.shape) in blocks of \(x.block) against \(y.shape) in blocks of \(y.block)")
}

extension Tensor {
    /// The blocks in which two tensors of one shape are computed with: those of the first that is in blocks.
    func commonBlock(with other: Tensor) -> Int {
        precondition(shape == other.shape, "\(shape) against \(other.shape)")
        return block == 1 ? other.block : block
    }

    /// Brings it into other blocks, in place where they are the same.
    mutating func reblock(to newBlock: Int) {
        if block != newBlock { self = reblocked(to: newBlock) }
    }
}

extension Tensor<Float> {
    /// A tensor that `body` fills.
    static func filled(
        _ shape: Shape, block: Int, _ body: (UnsafeMutablePointer<Float>?) throws -> Void
    ) rethrows -> Tensor {
        var result = Tensor(uninitialized: shape, block: block)
        try result.withUnsafeMutableBufferPointer { try body($0.baseAddress) }
        return result
    }

    /// A tensor of this one's extent that `body` fills.
    func sameExtent(_ body: (UnsafeMutablePointer<Float>?) throws -> Void) rethrows -> Tensor {
        try .filled(shape, block: block, body)
    }

    var fusedShape: fk_shape { fk_shape(shape, block: block) }
}

/// f(x) in the memory of x if nobody else holds it, otherwise in a new tensor. `body` gets x and the result,
/// element i of which may depend on elements i only.
func replacing(
    _ x: consuming Tensor<Float>, _ body: (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void
) -> Tensor<Float> {
    guard x.isUniquelyReferenced() else {
        return x.sameExtent { result in withElements(x) { body($0, result) } }
    }
    x.withUnsafeMutableBufferPointer { body(UnsafePointer($0.baseAddress), $0.baseAddress) }
    return x
}

/// f(x, y) in the memory of x if nobody else holds it. `body` gets x, y, the result and the extent of each.
func replacing(
    _ x: consuming Tensor<Float>, reading y: Tensor<Float>,
    _ body: (UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, fk_shape) -> Void
) -> Tensor<Float> {
    let block = x.commonBlock(with: y)
    x.reblock(to: block)
    let (y, shape) = (y.reblocked(to: block), x.fusedShape)
    return replacing(x) { x, result in withElements(y) { y in body(x, y, result, shape) } }
}

extension fk_shape {
    init(_ shape: Shape, block: Int) {
        precondition(16 % block == 0, "blocks of \(block) channels do not divide 16 lanes")
        self.init(
            batch: Int64(shape.batch), channels: Int64(shape.channels), area: Int64(shape.area),
            block: Int64(block))
    }
}

extension fk_shape {
    /// Stored elements, padding channels included.
    var storedCount: Int64 { batch * ((channels + block - 1) / block) * block * area }
}

extension Normalization {
    /// Lends the coefficients to C.
    func withFused<Result>(_ body: (fk_normalization) throws -> Result) rethrows -> Result {
        try mean.withUnsafeBufferPointer { mean in
            try inverseDeviation.withUnsafeBufferPointer { inverse in
                try scale.withUnsafeBufferPointer { scale in
                    try shift.withUnsafeBufferPointer { shift in
                        try body(
                            fk_normalization(
                                mean: mean.baseAddress, inverse_deviation: inverse.baseAddress,
                                scale: scale.baseAddress, shift: shift.baseAddress,
                                rectified: activation == .rectifier ? 1 : 0,
                                of_batch: statistics == .ofBatch ? 1 : 0))
                    }
                }
            }
        }
    }

    /// Stops on a programming error that would make C read past the end of the coefficients.
    func requireChannels(_ channels: Int) {
        precondition(
            mean.count == channels && inverseDeviation.count == channels && scale.count == channels
                && shift.count == channels, "coefficients of \(mean.count) channels for \(channels)")
    }
}

extension Tensor {
    /// Lends the elements for writing. A tensor without elements has none to lend, and no caller has such a one.
    mutating func withMutableBase<Result>(
        _ body: (UnsafeMutablePointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        try withUnsafeMutableBufferPointer { elements in
            guard let base = elements.baseAddress else { preconditionFailure("a tensor without elements") }
            return try body(base)
        }
    }

    /// Lends the elements for reading.
    func withBase<Result>(_ body: (UnsafePointer<Scalar>) throws -> Result) rethrows -> Result {
        try withUnsafeBufferPointer { elements in
            guard let base = elements.baseAddress else { preconditionFailure("a tensor without elements") }
            return try body(base)
        }
    }
}

/// Lends the elements of a tensor that there may be.
func withBase<Result>(
    of tensor: Tensor<Float>?, _ body: (UnsafePointer<Float>?) throws -> Result
) rethrows -> Result {
    guard let tensor else { return try body(nil) }
    return try tensor.withBase { try body($0) }
}
