/// A reference-counted buffer: 64-byte aligned and uninitialised, of the arena, to which it goes back with its last
/// owner; or memory of someone else that is only read.
@usableFromInline
final class TensorStorage<Scalar: TensorScalar>: @unchecked Sendable {
    // Sendable because `Tensor` gives write access only to a uniquely referenced storage of the arena.
    @usableFromInline let base: UnsafeMutablePointer<Scalar>
    @usableFromInline let count: Int
    private let memory: Memory

    private enum Memory {
        case arena(capacity: Int)
        /// Kept alive by its owner.
        case borrowed(any AnyObject & Sendable)
    }

    /// Whether writing would be seen by others than this storage's owners.
    @usableFromInline let isBorrowed: Bool

    @usableFromInline
    init(count: Int) {
        let capacity = BufferArena.capacity(forBytes: count * MemoryLayout<Scalar>.stride)
        self.count = count
        base = BufferArena.allocate(capacity: capacity).bindMemory(to: Scalar.self, capacity: count)
        memory = .arena(capacity: capacity)
        isBorrowed = false
    }

    init(borrowing base: UnsafePointer<Scalar>, count: Int, owner: any AnyObject & Sendable) {
        self.count = count
        // Never written to: whoever wants to write copies first.
        self.base = UnsafeMutablePointer(mutating: base)
        memory = .borrowed(owner)
        isBorrowed = true
    }

    /// Of the arena, whatever this one is.
    @usableFromInline
    func copy() -> TensorStorage {
        let duplicate = TensorStorage(count: count)
        duplicate.base.update(from: base, count: count)
        return duplicate
    }

    deinit {
        guard case .arena(let capacity) = memory else { return }
        BufferArena.recycle(UnsafeMutableRawPointer(base), capacity: capacity)
    }
}
