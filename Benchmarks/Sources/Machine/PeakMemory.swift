#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The most memory that this process has had resident so far.
package enum PeakMemory {
    package static var mebibytes: Double {
        var usage = rusage()
        // RUSAGE_SELF; it cannot fail with these arguments.
        getrusage(.init(0), &usage)
        return Double(usage.ru_maxrss) / 1024
    }
}
