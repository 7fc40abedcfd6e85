import Analysis
import Kernels
import ProofSupport
import ResidualNetworks
import Testing

@Suite("Repeatability", .serialized)
struct RepeatabilityTests {
    private func result(threads: Int) throws -> AnalysisResult {
        let before = ComputeThreads.count
        defer { ComputeThreads.count = before }
        ComputeThreads.count = threads
        var stack = StackCase(seed: 8)
        (stack.isDense, stack.batch, stack.side, stack.width, stack.unitsPerStage) = (false, 4, 16, 8, 2)
        (stack.block, stack.layout, stack.decades) = (.basic, .fullPreactivation, 0)
        stack.shortcut = DropoutShortcut(dropProbability: 0.2)
        return try SignalAnalysis<Double>(stack.network(), on: stack.labelledBatch()).run()
    }

    /// In Double neither a second run nor the number of threads changes a bit of the result.
    @Test func sameBitsOnAnyNumberOfThreads() throws {
        let one = try result(threads: 1)
        #expect(try result(threads: 1) == one)
        #expect(try result(threads: 2) == one)
        #expect(try result(threads: 5) == one)
    }
}
