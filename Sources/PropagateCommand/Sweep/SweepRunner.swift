import Analysis
import DataSets
import Foundation
import Kernels
import Limits
import Reporting
import ResultStore
import Synchronization

/// Measures the cells of a sweep that are not stored yet, several at a time, and stores each at once.
struct SweepRunner {
    let store: ResultStore
    /// Cells that run at the same time.
    let jobs: Int
    /// Told of every finished cell, from any thread: the cell, its seconds.
    let report: @Sendable (SweepCell, Double) -> Void

    /// A cell that could not be measured, and why.
    struct Failure: Sendable {
        let cell: SweepCell
        let reason: String
    }

    private struct State {
        var waiting: ArraySlice<SweepCell>
        var failures: [Failure] = []
        var storeError: (any Error)?
    }

    /// - Returns: the cells that could not be measured. What was measured is in the store.
    /// - Throws: `StoreError` where results cannot be kept: nothing more is begun.
    func run(_ cells: [SweepCell]) throws -> [Failure] {
        // The largest first, so that no long cell is left to run alone at the end.
        let ordered = cells.enumerated().sorted { first, second in
            (second.element.memory, first.offset) < (first.element.memory, second.offset)
        }.map(\.element)
        let state = Mutex(State(waiting: ordered[...]))
        let threads = jobs * ComputeThreads.count
        let reserved = cells.map { $0.request.run.precision.scalar.reservedAddresses(threads: threads) }.max()
        let budget = MemoryBudget(threads: threads, reserving: reserved ?? 0)
        Threads.run(min(jobs, max(1, cells.count))) {
            while let cell = state.withLock({ $0.storeError == nil ? $0.waiting.popFirst() : nil }) {
                budget.take(cell.memory)
                defer { budget.giveBack(cell.memory) }
                measure(cell, state)
            }
        }
        return try state.withLock { state in
            if let error = state.storeError { throw error }
            return state.failures
        }
    }

    private func measure(_ cell: SweepCell, _ state: borrowing Mutex<State>) {
        do {
            let start = Date()
            let (result, data) = try cell.request.result()
            let seconds = Date().timeIntervalSince(start)
            try store.write(StoredCell(cell, result, data, seconds: seconds))
            report(cell, seconds)
        } catch let error as StoreError {
            state.withLock { $0.storeError = error }
        } catch {
            state.withLock { $0.failures.append(Failure(cell: cell, reason: "\(error)")) }
        }
    }
}

extension AnalysisRequest {
    /// The result of one seed, and the images that it is of. Several may be made at once where all ask for as many
    /// threads.
    fileprivate func result() throws -> (AnalysisResult, DataProvenance) {
        try result(in: run.precision.scalar)
    }

    private func result<Scalar: KernelScalar>(
        in precision: Scalar.Type
    ) throws -> (AnalysisResult, DataProvenance) {
        try prepare()
        let prepared = try prepared(in: precision, masks: RecordedMasks(seed: run.seed))
        return (try prepared.run(), prepared.data)
    }
}

extension StoredCell {
    fileprivate init(_ cell: SweepCell, _ result: AnalysisResult, _ data: DataProvenance, seconds: Double) {
        var manifest = RunManifest(of: cell.request, on: data)
        // The run that gives the same result alone.
        manifest.command = ["propagate"] + cell.words
        self.init(
            key: cell.key, version: ToolVersion.current, configuration: cell.configuration,
            quantities: Dictionary(
                uniqueKeysWithValues: SummaryQuantity.all.map { ($0.name, $0.value(result)) }),
            checksHold: result.allChecksHold, report: JSONReport.text(result, manifest: manifest),
            seconds: seconds)
    }
}
