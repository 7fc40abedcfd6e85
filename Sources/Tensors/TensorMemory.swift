/// What the process's tensors have taken from the system so far, and what of it they hold.
///
/// Tensors recycle their buffers: a loop that repeats itself takes fresh memory in its first rounds alone, and
/// `freshBuffers` then stands still.
public struct TensorMemory: Sendable, Equatable {
    /// Buffers that no earlier tensor had used.
    public internal(set) var freshBuffers = 0
    /// Buffers in all, recycled ones included.
    public internal(set) var buffers = 0
    /// Bytes that tensors hold now.
    public internal(set) var bytesInUse = 0
    /// The most that they held at one time.
    public internal(set) var peakBytesInUse = 0
    /// Bytes of all buffers, in use or free to be recycled.
    public internal(set) var bytesCarved = 0
    /// Bytes of address space taken for them and those to come.
    public internal(set) var bytesMapped = 0

    /// Bytes that later tensors can have without taking more of the system.
    ///
    /// - Parameter countingAddresses: whether it is address space that the system counts, or pages that were touched.
    public func bytesFree(countingAddresses: Bool) -> Int {
        (countingAddresses ? bytesMapped : bytesCarved) - bytesInUse
    }

    public init() {}

    public static var current: TensorMemory { BufferArena.memory }
}
