import CFMAPeak

/// The highest rate of single-precision multiply-adds that the machine was seen to reach: the bound that
/// convolutions are held against.
package struct FMAPeak {
    /// Multiplications and additions a second, in the fastest burst.
    package private(set) var rate = 0.0
    /// The same over all bursts together: what the machine keeps up.
    package var sustainedRate: Double { seconds > 0 ? operations / seconds : 0 }
    private var operations = 0.0
    private var seconds = 0.0
    private let threads: Int32

    package init(threads: Int) { self.threads = Int32(threads) }

    package static var instructionSet: String { String(cString: fma_instruction_set()) }

    /// Runs many bursts of about a millisecond, so that some fall between disturbances, and remembers the best.
    package mutating func measure() {
        let iterations: Int64 = 1 << 19
        for _ in 0..<100 {
            let burst = fma_run(iterations, threads)
            rate = max(rate, burst.operations / burst.seconds)
            operations += burst.operations
            seconds += burst.seconds
        }
    }
}
