/// A run of a mapped file's bytes, which keeps the file mapped.
public struct MappedBytes: Sendable {
    public let file: MappedFile
    /// Bytes from the start of the file.
    public let range: Range<Int>

    /// - Parameter range: within the file.
    public init(_ file: MappedFile, _ range: Range<Int>) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= file.size, "\(range) of \(file.size) bytes")
        self.file = file
        self.range = range
    }

    public var count: Int { range.count }

    /// The bytes, valid inside the closure, and as long as `file` lives.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try file.withUnsafeBytes { (bytes) throws(Failure) in
            try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
    }

    /// Advises the system that the bytes have been copied: their pages need no memory until they are touched again.
    public func release() { file.release(range) }
}
