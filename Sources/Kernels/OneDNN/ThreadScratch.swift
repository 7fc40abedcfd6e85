import Tensors

/// Memory of every thread's own, for what lives no longer than a piece of a batch.
struct ThreadScratch {
    /// Where a thread's part begins, in elements, and where each of its regions begins in it.
    private let stride: Int
    private let offsets: [Int]
    private let base: UnsafeMutablePointer<Float>

    /// Lends regions of so many elements to each of so many threads.
    static func with<Result>(
        threads: Int32, _ counts: [Int], _ body: (ThreadScratch) throws -> Result
    ) rethrows -> Result {
        // Whole pages, so that no two threads write to one cache line.
        var offsets: [Int] = []
        var stride = 0
        for count in counts {
            offsets.append(stride)
            stride += count.rounded(upToMultipleOf: 1024)
        }
        var memory = Tensor<Float>(uninitialized: Shape(max(1, Int(threads)), max(1, stride)))
        return try memory.withMutableBase { base in
            try body(ThreadScratch(stride: stride, offsets: offsets, base: base))
        }
    }

    subscript(thread: Int, region: Int) -> UnsafeMutablePointer<Float> {
        base + thread * stride + offsets[region]
    }
}
