import Limits
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The process's memory for tensors: large regions on huge pages, carved up once and recycled.
///
/// A measurement allocates the same few sizes thousands of times. Fresh pages from the system cost a fault
/// and a zeroing each; a recycled buffer costs a look-up. Buffers are 64-byte aligned and
/// uninitialised.
///
/// That serves as a training step's memory plan too. A step asks for the same sizes in the same order every time and
/// gives a buffer back with the last use of its tensor, so from the second step on each finds the buffers that the one
/// before it left: lifetimes lay the buffers out, and nothing need know the network in advance. A buffer is never cut
/// up or joined, so what is resident is the sum over the sizes of the most that were alive of each at once.
/// `TensorMemory` counts it.
enum BufferArena {
    private struct State {
        /// By `sizeClass`.
        var free = [[UnsafeMutableRawPointer]](repeating: [], count: sizeClass(ofCapacity: .max) + 1)
        var regionStart: UnsafeMutableRawPointer?
        var regionUsed = 0
        var regionSize = 0
        var memory = TensorMemory()
    }

    // The pointers are owned by the arena or by exactly one storage object at a time.
    private struct Guarded: @unchecked Sendable { var state = State() }
    private static let guarded = Mutex(Guarded())

    /// Granule: a cache line.
    private static let alignment = 64
    private static let hugePage = 2 << 20
    /// Address space reserved at a time. Untouched pages cost nothing, except where address space is what is limited:
    /// there no more is taken than a few buffers need.
    private static let regionGranule = limitsAddressSpace ? hugePage : 256 << 20
    private static let limitsAddressSpace = ProcessLimits.current.limitsAddressSpace

    /// Sizes are rounded up to steps of an eighth of their power of two, so that a process which meets many
    /// shapes recycles buffers instead of hoarding one of each size.
    static func capacity(forBytes bytes: Int) -> Int {
        let wanted = max(bytes, alignment)
        let step = max(alignment, (1 << (Int.bitWidth - 1 - wanted.leadingZeroBitCount)) / 8)
        return (wanted + step - 1) / step * step
    }

    /// A number of its own for every capacity: eight to a power of two.
    private static func sizeClass(ofCapacity capacity: Int) -> Int {
        let power = Int.bitWidth - 1 - capacity.leadingZeroBitCount
        return power * 8 + (capacity - 1 << power) >> (power - 3)
    }

    static func allocate(capacity: Int) -> UnsafeMutableRawPointer {
        guarded.withLock { guarded in
            let size = sizeClass(ofCapacity: capacity)
            guarded.state.memory.take(capacity)
            if let recycled = guarded.state.free[size].popLast() { return recycled }
            guarded.state.memory.carve(capacity)
            return carve(capacity, from: &guarded.state)
        }
    }

    static func recycle(_ pointer: UnsafeMutableRawPointer, capacity: Int) {
        guarded.withLock { guarded in
            guarded.state.memory.bytesInUse -= capacity
            guarded.state.free[sizeClass(ofCapacity: capacity)].append(pointer)
        }
    }

    static var memory: TensorMemory { guarded.withLock { $0.state.memory } }

    private static func carve(_ capacity: Int, from state: inout State) -> UnsafeMutableRawPointer {
        if limitsAddressSpace, capacity >= hugePage { return mapped(capacity, in: &state) }
        if state.regionStart == nil || state.regionUsed + capacity > state.regionSize {
            openRegion(atLeast: capacity, in: &state)
        }
        guard let start = state.regionStart else { OutOfMemory.end(bytes: capacity) }
        defer { state.regionUsed += capacity }
        return start + state.regionUsed
    }

    /// A large buffer by itself, to the page: rounded to huge pages a hundred of them would take 100 MiB in vain.
    private static func mapped(_ capacity: Int, in state: inout State) -> UnsafeMutableRawPointer {
        let start = mmap(nil, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let start, start != MAP_FAILED else { OutOfMemory.end(bytes: capacity) }
        state.memory.bytesMapped += capacity
        return start
    }

    private static func openRegion(atLeast bytes: Int, in state: inout State) {
        // What is left of the region before is too small, and serves nobody.
        state.memory.bytesMapped -= state.regionSize - state.regionUsed
        (state.regionStart, state.regionSize, state.regionUsed) = (nil, 0, 0)
        let (rounded, overflow) = max(bytes, regionGranule).addingReportingOverflow(2 * hugePage - 1)
        guard !overflow else { return }
        let size = rounded / hugePage * hugePage - hugePage
        let mapped = mmap(
            nil, size + hugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let mapped, mapped != MAP_FAILED else { return }
        let misalignment = Int(bitPattern: mapped) % hugePage
        let before = misalignment == 0 ? 0 : hugePage - misalignment
        let start = mapped + before
        // What lies before and behind goes back.
        if before > 0 { munmap(mapped, before) }
        if before < hugePage { munmap(start + size, hugePage - before) }
        _ = madvise(start, size, 14)  // MADV_HUGEPAGE; a refusal only costs speed
        state.regionStart = start
        state.regionSize = size
        state.regionUsed = 0
        state.memory.bytesMapped += size
    }
}

extension TensorMemory {
    fileprivate mutating func take(_ capacity: Int) {
        buffers += 1
        bytesInUse += capacity
        peakBytesInUse = max(peakBytesInUse, bytesInUse)
    }

    fileprivate mutating func carve(_ capacity: Int) {
        freshBuffers += 1
        bytesCarved += capacity
    }
}
