import Kernels
import Limits

/// The threads that a command computes with.
enum ComputeTeam {
    /// As many as there are processors for this process, or as can be made where those are fewer, which is then said.
    static let standard: Int = {
        let processors = ProcessLimits.current.processors
        do {
            try Threads.require(processors)
            return processors
        } catch let shortage as ThreadShortage {
            StandardStream.note("Going on with \(shortage.possible): \(shortage)\n")
            return shortage.possible
        } catch {
            return 1
        }
    }()

    /// Sets the threads that kernels use.
    ///
    /// - Parameter jobs: that each use so many at one time.
    /// - Throws: `ThreadShortage` where the system does not give them: the compute library would end the process.
    static func adopt(_ count: Int, jobs: Int = 1) throws {
        if ComputeThreads.count != count { try Threads.require(count) }
        ComputeThreads.count = count
    }
}
