import CHeapCount

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What this process has asked of the system so far.
package struct Counts {
    /// Calls of malloc and its relatives, by this program and by every library in the process.
    package var heapCalls = 0
    /// Pages that were mapped at their first use.
    package var pageFaults = 0
    /// Time of all its threads, in the program and in the system.
    package var processorSeconds = 0.0

    package init(heapCalls: Int = 0, pageFaults: Int = 0, processorSeconds: Double = 0) {
        self.heapCalls = heapCalls
        self.pageFaults = pageFaults
        self.processorSeconds = processorSeconds
    }

    package static var current: Counts {
        var usage = rusage()
        // RUSAGE_SELF; it cannot fail with these arguments.
        getrusage(.init(0), &usage)
        return Counts(
            heapCalls: Int(heap_count()), pageFaults: Int(usage.ru_minflt),
            processorSeconds: usage.ru_utime.seconds + usage.ru_stime.seconds)
    }

    package static func - (a: Counts, b: Counts) -> Counts {
        Counts(
            heapCalls: a.heapCalls - b.heapCalls, pageFaults: a.pageFaults - b.pageFaults,
            processorSeconds: a.processorSeconds - b.processorSeconds)
    }

    package static func + (a: Counts, b: Counts) -> Counts {
        Counts(
            heapCalls: a.heapCalls + b.heapCalls, pageFaults: a.pageFaults + b.pageFaults,
            processorSeconds: a.processorSeconds + b.processorSeconds)
    }
}

extension timeval {
    fileprivate var seconds: Double { Double(tv_sec) + 1e-6 * Double(tv_usec) }
}
