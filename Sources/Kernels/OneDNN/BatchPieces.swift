import CFusedKernels

/// A batch cut into pieces of equal size, so small that a piece's maps stay in a core's cache from one operation to
/// the next.
struct BatchPieces: Sendable {
    /// Samples of a piece.
    let size: Int
    let count: Int

    /// What one map of a piece may take: on the way back some eight of them are at work, sums among them, and common
    /// machines have half a megabyte or more of second-level cache a core.
    private static let cacheBytes = 64 << 10

    /// Pieces that there should be at least, for as many threads; not more, or results would depend on their number.
    private static let leastCount = 16

    init(batch: Int, bytesPerSample: Int) {
        let fitting = min(batch / Self.leastCount, Self.cacheBytes / max(bytesPerSample, 1))
        size = (1...max(1, fitting)).last { batch % $0 == 0 } ?? 1
        count = batch / size
    }

    /// Runs of neighbouring pieces, at most so many, whose results are summed in order.
    func groups(atMost most: Int) -> [Range<Int>] {
        let groups = max(1, min(most, count))
        return (0..<groups).map { (count * $0 / groups)..<(count * ($0 + 1) / groups) }
    }

    /// Works on every piece on some thread of the team.
    ///
    /// - Parameter work: returns 0, or a status that ends the thread's work.
    /// - Returns: a status other than 0, if any.
    func forEach(threads: Int32, _ work: (_ thread: Int, _ piece: Int) -> Int32) -> Int32 {
        forEachIndex(below: count, threads: threads, work)
    }
}

/// Works on every index on some thread of the team: neighbouring ones on the same thread and in order, but for what a
/// thread that is done takes over from another.
///
/// - Parameter work: returns 0, or a status that ends the thread's work.
/// - Returns: a status other than 0, if any.
func forEachIndex(
    below count: Int, threads: Int32, _ work: (_ thread: Int, _ index: Int) -> Int32
) -> Int32 {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(1, Int(threads))) { statuses in
        statuses.initialize(repeating: 0)
        forEachShare(of: count, threads: threads) { thread, indices in
            for index in indices where statuses[thread] == 0 { statuses[thread] = work(thread, index) }
        }
        return statuses.first { $0 != 0 } ?? 0
    }
}

/// Runs `body` on the threads of the team, with a thread's number and some of the indices below `count`, until all are
/// done.
func forEachShare(
    of count: Int, threads: Int32, _ body: (_ thread: Int, _ indices: Range<Int>) -> Void
) {
    withoutActuallyEscaping(body) { body in
        withUnsafePointer(to: Share(body: body)) { share in
            fk_share(
                Int64(count),
                { context, thread, begin, end in
                    context?.assumingMemoryBound(to: Share.self).pointee.body(
                        Int(thread), Int(begin)..<Int(end))
                }, share, threads)
        }
    }
}

private struct Share {
    let body: (Int, Range<Int>) -> Void
}
