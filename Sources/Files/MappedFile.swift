#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file whose bytes are read where the system keeps them, without a copy: pages come when they are touched, and go
/// when memory is short. Unmapped with its last owner.
///
/// The mapping is private: whatever might be written to it never reaches the file. Nobody writes, and so values of any
/// number of threads may read. A file that another process shortens meanwhile ends this one (SIGBUS), as with any
/// mapping.
public final class MappedFile: @unchecked Sendable {
    // Sendable because the memory is only read.
    public let path: String
    /// Bytes, when the file was opened.
    public let size: Int
    /// `nil` of an empty file, which has no pages.
    private let base: UnsafeMutableRawPointer?

    /// Maps a regular file.
    ///
    /// - Parameter errors: the type whose words errors are in.
    public init<Failure: InputFileFailure>(_ path: String, errors: Failure.Type) throws(Failure) {
        self.path = path
        let (descriptor, size) = try InputFile<Failure>.opened(path)
        // The mapping holds the file open.
        defer { close(descriptor) }
        self.size = size
        do throws(SystemFailure) {
            base = size == 0 ? nil : try Self.mapped(descriptor, size)
        } catch { throw .unreadable(path, reason: error.reason) }
    }

    deinit { if let base { munmap(base, size) } }

    private static func mapped(_ descriptor: Int32, _ size: Int) throws(SystemFailure)
        -> UnsafeMutableRawPointer
    {
        // Pages that nobody writes to need no memory set aside for copies of them.
        let flags = MAP_PRIVATE | MAP_NORESERVE
        let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, flags, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else { throw .last }
        return mapped
    }

    /// All bytes, valid inside the closure only.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: base, count: size))
    }

    /// Lets the system take back the pages that lie within a run of bytes. They come again when they are touched.
    func release(_ range: Range<Int>) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let start = (range.lowerBound + page - 1) / page * page
        let end = range.upperBound / page * page
        if let base, start < end { madvise(base + start, end - start, MADV_DONTNEED) }
    }
}
