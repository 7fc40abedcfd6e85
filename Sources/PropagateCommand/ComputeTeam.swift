import Kernels
import Limits

/// The threads that a command computes with. Whether they can be had is found out before any work: the compute library
/// ends the process where one cannot.
enum ComputeTeam {
    /// As many as there are processors for this process, or as can be made where those are fewer, which is then said.
    static let standard: Int = {
        let processors = ProcessLimits.current.processors
        do throws(ThreadShortage) {
            try Threads.require(processors)
            return processors
        } catch {
            StandardStream.tell("Going on with \(error.possible): \(error)")
            return error.possible
        }
    }()

    /// Sets the threads that kernels use.
    ///
    /// - Throws: `ThreadShortage` where the system does not give them.
    static func adopt(_ count: Int) throws(ThreadShortage) {
        if ComputeThreads.count != count { try Threads.require(count) }
        ComputeThreads.count = count
    }

    /// Sets the threads that kernels use in each of several jobs at a time.
    ///
    /// - Returns: jobs that there are threads for, as many as are wanted or fewer, which is then said: results do not
    ///   depend on it.
    /// - Throws: `ThreadShortage` where there are not enough for one.
    static func jobs(_ wanted: Int, threads: Int) throws(ThreadShortage) -> Int {
        try adopt(threads)
        do throws(ThreadShortage) {
            try Threads.require(wanted * threads)
            return wanted
        } catch {
            let possible = max(1, error.possible / threads)
            StandardStream.tell("Going on with \(possible) at a time: \(error)")
            return possible
        }
    }
}
