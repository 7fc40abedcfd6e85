/// A batch of feature maps (N, C, H, W) with value semantics.
///
/// Channels are stored in blocks of `block`: element (n, c, h, w) lies at
/// `(((n·⌈C/block⌉ + c/block)·H + h)·W + w)·block + c mod block`. With `block = 1` that is plain NCHW. The
/// channels that pad the last block are always zero.
public struct Tensor<Scalar: TensorScalar>: Sendable {
    public let shape: Shape
    /// Channels stored side by side: what the kernels that a map goes through run fastest on. Whoever is no kernel sees
    /// `elements` alone.
    @usableFromInline package let block: Int
    @usableFromInline var storage: TensorStorage<Scalar>

    /// An uninitialised tensor; the caller fills every element.
    @inlinable
    public init(uninitialized shape: Shape) { self.init(uninitialized: shape, block: 1) }

    @inlinable
    public init(zeros shape: Shape) { self.init(zeros: shape, block: 1) }

    /// A tensor from its elements in (N, C, H, W) order.
    @inlinable
    public init(_ elements: [Scalar], shape: Shape) { self.init(elements, shape: shape, block: 1) }

    /// A tensor whose elements lie in memory of someone else, such as a mapped file, in (N, C, H, W) order. They are
    /// read where they are, and copied when something is to be written to them. `TensorMemory` does not count them.
    ///
    /// - Parameters:
    ///   - elements: as many as the shape has, aligned as the type wants it (kernels ask for no more), and unchanged
    ///     as long as the owner lives.
    ///   - owner: what keeps the memory; the tensor and its copies hold it.
    public init(borrowing elements: UnsafePointer<Scalar>, shape: Shape, owner: any AnyObject & Sendable) {
        precondition(
            Int(bitPattern: elements) % MemoryLayout<Scalar>.alignment == 0, "elements that are not aligned")
        self.init(
            sharing: TensorStorage(borrowing: elements, count: shape.count, owner: owner), shape: shape)
    }

    /// An uninitialised tensor; the caller fills every stored element, padding included.
    @inlinable
    package init(uninitialized shape: Shape, block: Int) {
        self.shape = shape
        self.block = block
        storage = TensorStorage(count: Tensor.storedCount(shape, block: block))
    }

    @inlinable
    package init(zeros shape: Shape, block: Int) {
        self.init(repeating: 0, shape: shape, block: block)
    }

    @inlinable
    init(repeating value: Scalar, shape: Shape, block: Int) {
        self.init(uninitialized: shape, block: block)
        storage.base.initialize(repeating: value, count: storage.count)
    }

    /// A shape without elements, for a network that is only asked for shapes and counts: nothing may read it.
    public init(withoutElements shape: Shape) {
        self.init(sharing: TensorStorage(count: 0), shape: shape)
    }

    /// A tensor from its elements in (N, C, H, W) order.
    @inlinable
    package init(_ elements: [Scalar], shape: Shape, block: Int) {
        precondition(elements.count == shape.count, "\(elements.count) elements for shape \(shape)")
        self.init(zeros: shape, block: block)
        elements.withUnsafeBufferPointer { source in
            if block == 1 {
                if let first = source.baseAddress { storage.base.update(from: first, count: source.count) }
            } else {
                let target = storage.base
                forEachRow { plain, blocked in
                    for pixel in 0..<shape.area { target[blocked + pixel * block] = source[plain + pixel] }
                }
            }
        }
    }

    @inlinable
    init(sharing storage: TensorStorage<Scalar>, shape: Shape, block: Int = 1) {
        self.shape = shape
        self.block = block
        self.storage = storage
    }

    /// Stored elements, padding channels included.
    @inlinable
    package var storedCount: Int { storage.count }
    /// ⌈C/block⌉.
    @inlinable
    package var blocks: Int { (shape.channels + block - 1) / block }
    /// Whether the last block holds padding channels.
    @inlinable
    package var isPadded: Bool { shape.channels % block != 0 }

    @inlinable
    static func storedCount(_ shape: Shape, block: Int) -> Int {
        shape.batch * ((shape.channels + block - 1) / block) * block * shape.area
    }

    /// Visits every channel of every sample: where its first element stands in (N, C, H, W) order, and where it
    /// is stored; the next ones follow 1 and `block` elements apart.
    @inlinable
    func forEachRow(_ visit: (_ plain: Int, _ blocked: Int) -> Void) {
        for row in 0..<(shape.batch * shape.channels) {
            let (sample, channel) = (row / shape.channels, row % shape.channels)
            visit(
                row * shape.area,
                (sample * blocks + channel / block) * shape.area * block + channel % block)
        }
    }

    /// The elements in (N, C, H, W) order.
    @inlinable
    public var elements: [Scalar] {
        guard block != 1 else {
            return Array(UnsafeBufferPointer(start: storage.base, count: storage.count))
        }
        return Array(unsafeUninitializedCapacity: shape.count) { target, count in
            forEachRow { plain, blocked in
                for pixel in 0..<shape.area {
                    target.initializeElement(at: plain + pixel, to: storage.base[blocked + pixel * block])
                }
            }
            count = shape.count
        }
    }

    /// The elements as they are stored, read-only: in (N, C, H, W) order but for maps that kernels laid out.
    @inlinable
    public func withUnsafeBufferPointer<Result>(
        _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(storage) {
            try body(UnsafeBufferPointer(start: storage.base, count: storage.count))
        }
    }

    /// The stored elements for writing; copies first if another value shares them, or if the memory is borrowed.
    @inlinable
    public mutating func withUnsafeMutableBufferPointer<Result>(
        _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        if !isUniquelyReferenced() { storage = storage.copy() }
        return try withExtendedLifetime(storage) {
            try body(UnsafeMutableBufferPointer(start: storage.base, count: storage.count))
        }
    }

    /// Whether writing would not have to copy. Never of borrowed memory.
    @inlinable
    public mutating func isUniquelyReferenced() -> Bool {
        isKnownUniquelyReferenced(&storage) && !storage.isBorrowed
    }
}

extension Tensor {
    /// Applies a function to every element. For functions without a kernel of their own.
    @inlinable
    public func map(_ transform: (Scalar) -> Scalar) -> Tensor {
        zip(self) { element, _ in transform(element) }
    }

    /// Combines two tensors of one shape element by element.
    @inlinable
    public func zip(_ other: Tensor, _ combine: (Scalar, Scalar) -> Scalar) -> Tensor {
        precondition(shape == other.shape, "\(shape) against \(other.shape)")
        let other = other.reblocked(to: block)
        var result = Tensor(uninitialized: shape, block: block)
        result.withUnsafeMutableBufferPointer { target in
            for index in 0..<target.count {
                target[index] = combine(storage.base[index], other.storage.base[index])
            }
        }
        if isPadded { result.clearPadding() }
        return result
    }

    /// Restores the invariant that padding channels are zero.
    @inlinable
    package mutating func clearPadding() {
        let valid = shape.channels % block
        let (blocks, block, area, batch) = (blocks, block, shape.area, shape.batch)
        withUnsafeMutableBufferPointer { target in
            for sample in 0..<batch {
                let lastBlock = (sample * blocks + blocks - 1) * area
                for pixel in 0..<area {
                    for lane in valid..<block { target[(lastBlock + pixel) * block + lane] = 0 }
                }
            }
        }
    }

    /// A run of neighbouring samples.
    public func samples(_ range: Range<Int>) -> Tensor {
        precondition(range.lowerBound >= 0 && range.upperBound <= shape.batch, "samples \(range) of \(shape)")
        let size = storage.count / max(1, shape.batch)
        let result = Tensor(uninitialized: shape.with(batch: range.count), block: block)
        result.storage.base.update(from: storage.base + range.lowerBound * size, count: range.count * size)
        return result
    }

    /// Batches one behind another.
    ///
    /// - Parameter parts: at least one, equal in all axes but the first.
    public init(samples parts: [Tensor]) {
        precondition(!parts.isEmpty, "no samples")
        let shape = parts[0].shape.with(batch: parts.reduce(0) { $0 + $1.shape.batch })
        self.init(uninitialized: shape, block: parts[0].block)
        var offset = 0
        for part in parts {
            precondition(part.shape.with(batch: 1) == shape.with(batch: 1), "\(part.shape) among \(shape)")
            let part = part.reblocked(to: block)
            (storage.base + offset).update(from: part.storage.base, count: part.storage.count)
            offset += part.storage.count
        }
    }

    /// The same elements in another channel blocking.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    @usableFromInline
    package func reblocked(to newBlock: Int) -> Tensor {
        guard newBlock != block else { return self }
        guard block == 1 || newBlock == 1 else { return reblocked(to: 1).reblocked(to: newBlock) }
        var result = Tensor(uninitialized: shape, block: newBlock)
        let (from, lanes, area) = (storage.base, max(block, newBlock), shape.area)
        let blocks = (shape.channels + lanes - 1) / lanes
        result.withUnsafeMutableBufferPointer { target in
            guard let to = target.baseAddress else { return }
            for sample in 0..<shape.batch {
                for index in 0..<blocks {
                    let valid = min(lanes, shape.channels - index * lanes)
                    let plain = (sample * shape.channels + index * lanes) * area
                    let blocked = (sample * blocks + index) * lanes * area
                    if block == 1 {
                        interleave(from + plain, into: to + blocked, rows: valid, of: lanes, length: area)
                    } else {
                        separate(from + blocked, into: to + plain, rows: valid, of: lanes, length: area)
                    }
                }
            }
        }
        return result
    }

    /// Rows one behind another to rows element by element, zero for those that are not there.
    @inline(__always)
    private func interleave(
        _ source: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>, rows: Int, of lanes: Int,
        length: Int
    ) {
        for place in 0..<length {
            for row in 0..<rows { target[place &* lanes &+ row] = source[row &* length &+ place] }
            for row in rows..<lanes { target[place &* lanes &+ row] = 0 }
        }
    }

    /// The way back from `interleave`.
    @inline(__always)
    private func separate(
        _ source: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>, rows: Int, of lanes: Int,
        length: Int
    ) {
        for place in 0..<length {
            for row in 0..<rows { target[row &* length &+ place] = source[place &* lanes &+ row] }
        }
    }

    /// The same elements in another precision.
    @inlinable
    public func converted<Other: TensorScalar>(to type: Other.Type = Other.self) -> Tensor<Other> {
        Tensor<Other>(elements.map { Other($0) }, shape: shape)
    }

    /// The same elements in (N, C, H, W) order under another shape of equal count.
    @inlinable
    public func reshaped(_ newShape: Shape) -> Tensor {
        precondition(newShape.count == shape.count, "\(shape) cannot become \(newShape)")
        // Where an element lies in blocks depends on its sample, its channel and its place in space alone.
        let isSameMap = newShape.batch == shape.batch && newShape.channels == shape.channels
        guard block == 1 || isSameMap else { return reblocked(to: 1).reshaped(newShape) }
        return Tensor(sharing: storage, shape: newShape, block: block)
    }
}

extension Tensor {
    /// Names the memory behind this value: equal for two values that share it.
    public var identity: ObjectIdentifier { ObjectIdentifier(storage) }
}
