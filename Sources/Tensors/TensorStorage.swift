/// A reference-counted, 64-byte aligned, uninitialised buffer that goes back to the arena with its last owner.
@usableFromInline
final class TensorStorage<Scalar: TensorScalar>: @unchecked Sendable {
    // Sendable because `Tensor` gives write access only to a uniquely referenced storage.
    @usableFromInline let base: UnsafeMutablePointer<Scalar>
    @usableFromInline let count: Int
    private let capacity: Int

    @usableFromInline
    init(count: Int) {
        self.count = count
        capacity = BufferArena.capacity(forBytes: count * MemoryLayout<Scalar>.stride)
        base = BufferArena.allocate(capacity: capacity).bindMemory(to: Scalar.self, capacity: count)
    }

    @usableFromInline
    func copy() -> TensorStorage {
        let duplicate = TensorStorage(count: count)
        duplicate.base.update(from: base, count: count)
        return duplicate
    }

    deinit {
        BufferArena.recycle(UnsafeMutableRawPointer(base), capacity: capacity)
    }
}
