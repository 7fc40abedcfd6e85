/// Runs `body` for every index, spread over `ComputeThreads.count` threads in contiguous shares.
/// Every index writes its own part of the result, so the outcome does not depend on the spread.
package func forEachIndex(below count: Int, cost: Int, _ body: @escaping (Int) -> Void) {
    let threads = min(ComputeThreads.count, count)
    guard threads > 1, cost >= parallelThreshold else {
        for index in 0..<count { body(index) }
        return
    }
    let work = IndexedWork(body: body)
    forEachShare(of: count, threads: Int32(clamping: threads)) { _, indices in
        for index in indices { work.body(index) }
    }
}

/// Multiply-adds below which starting another thread costs more than it saves.
private let parallelThreshold = 1 << 17

/// Carries the closure to the worker threads; its indices touch disjoint memory.
private struct IndexedWork: @unchecked Sendable {
    let body: (Int) -> Void
}
