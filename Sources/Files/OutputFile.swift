#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file in the making: written beside its place under a hidden name, and moved there by `publish`. Without that call
/// its owner's end removes it, so that no reader ever sees half a file.
///
/// What processes that were killed have left of the same file is removed first. A link at the place is replaced, not
/// followed.
public final class OutputFile<Failure: OutputFileFailure> {
    private let path: String
    /// What errors call it.
    private let shownPath: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var isPublished = false
    private var isHandedOver = false
    /// Bytes written.
    public private(set) var offset = 0

    public convenience init(_ path: String) throws(Failure) { try self.init(path, shownAs: path) }

    init(_ path: String, shownAs shownPath: String) throws(Failure) {
        self.path = path
        self.shownPath = shownPath
        let partial = PartialName(for: path)
        partial.removeLeftovers()
        do throws(SystemFailure) {
            (temporaryPath, descriptor) = try Self.create(partial)
        } catch {
            throw .unwritable(shownPath, reason: error.reason)
        }
    }

    deinit {
        if !isHandedOver { close(descriptor) }
        if !isPublished { unlink(temporaryPath) }
    }

    public func append(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        try reporting { () throws(SystemFailure) in try Descriptor.writeAll(bytes, to: descriptor) }
        offset += bytes.count
    }

    /// Moves the complete file to its place, over one that may be there. Its bytes are on the disk by then, so that
    /// no crash of the machine leaves an empty file under the name, and a disk that is full has said so.
    public func publish() throws(Failure) {
        try reporting { () throws(SystemFailure) in
            try Descriptor.synchronize(descriptor)
            guard rename(temporaryPath, path) == 0 else { throw .last }
            isPublished = true
            try Folder.synchronize(Path.parent(of: path))
        }
    }

    /// Writes a file as a whole.
    public static func write(_ bytes: some WritableBytes, to path: String) throws(Failure) {
        try write(bytes, to: path, shownAs: path)
    }

    static func write(
        _ bytes: some WritableBytes, to path: String, shownAs shownPath: String
    ) throws(Failure) {
        let file = try OutputFile(path, shownAs: shownPath)
        try file.append(bytes)
        try file.publish()
    }

    private func append(_ bytes: some WritableBytes) throws(Failure) {
        var failure: Failure?
        bytes.withBytes { bytes in
            do throws(Failure) { try append(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Writes a file as a whole, and goes on writing at its end.
    public static func growing(from bytes: some WritableBytes, at path: String) throws(Failure)
        -> GrowingFile<Failure>
    {
        let file = try OutputFile(path)
        try file.append(bytes)
        try file.publish()
        file.isHandedOver = true
        return GrowingFile(path: path, descriptor: file.descriptor, length: file.offset)
    }

    private func reporting(_ body: () throws(SystemFailure) -> Void) throws(Failure) {
        do throws(SystemFailure) { try body() } catch { throw .unwritable(shownPath, reason: error.reason) }
    }

    private static func create(_ partial: PartialName) throws(SystemFailure) -> (
        path: String, descriptor: Int32
    ) {
        while true {
            let path = partial.path()
            let descriptor = try Descriptor.opened(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND)
            do throws(SystemFailure) {
                if try PartialName.claim(descriptor) { return (path, descriptor) }
            } catch {
                unlink(path)
                throw error
            }
        }
    }
}

/// Bytes that lie in one piece: text and arrays.
public protocol WritableBytes {
    func withBytes(_ body: (UnsafeRawBufferPointer) -> Void)
}

extension [UInt8]: WritableBytes {
    public func withBytes(_ body: (UnsafeRawBufferPointer) -> Void) { withUnsafeBytes(body) }
}

extension String: WritableBytes {
    public func withBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        var text = self
        text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}
