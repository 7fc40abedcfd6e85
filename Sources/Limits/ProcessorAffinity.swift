#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The processors that this process may run on.
enum ProcessorAffinity {
    static var count: Int {
        #if os(Linux)
            // The mask must be as long as the kernel's, which may have room for more processors than `cpu_set_t` has.
            var words = MemoryLayout<cpu_set_t>.size / MemoryLayout<UInt>.size
            while words <= 1 << 16 {
                var mask = [UInt](repeating: 0, count: words)
                let status = mask.withUnsafeMutableBytes { bytes in
                    sched_getaffinity(
                        0, bytes.count, bytes.baseAddress?.assumingMemoryBound(to: cpu_set_t.self))
                }
                if status == 0 { return max(1, mask.reduce(0) { $0 + $1.nonzeroBitCount }) }
                guard errno == EINVAL else { break }
                words *= 2
            }
        #endif
        return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }
}
