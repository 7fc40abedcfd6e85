import Tensors

/// Memory of every thread's own, for what lives no longer than a piece of a batch.
struct ThreadScratch {
    private let layout: Layout
    private let base: UnsafeMutablePointer<Float>

    subscript(thread: Int, region: Int) -> UnsafeMutablePointer<Float> {
        base + thread * layout.stride + layout.offsets[region]
    }

    /// Regions of a thread's part.
    struct Layout: Sendable {
        /// Where each begins, in elements.
        fileprivate let offsets: [Int]
        /// From one thread's part to the next one's.
        fileprivate let stride: Int

        /// - Parameter counts: elements of every region.
        init(_ counts: [Int]) {
            // Whole pages, so that no two threads write to one cache line.
            let sizes = counts.map { $0.rounded(upToMultipleOf: 1024) }
            offsets = sizes.indices.map { sizes[..<$0].reduce(0, +) }
            stride = sizes.reduce(0, +)
        }

        /// Lends the regions to each of so many threads.
        func lend<Result>(
            threads: Int32, _ body: (ThreadScratch) throws -> Result
        ) rethrows -> Result {
            var memory = Tensor<Float>(uninitialized: Shape(max(1, Int(threads)), max(1, stride)))
            return try memory.withMutableBase { try body(ThreadScratch(layout: self, base: $0)) }
        }
    }
}
