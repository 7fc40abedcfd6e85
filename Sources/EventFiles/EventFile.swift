import Foundation
import Synchronization

/// A TensorBoard event file that grows while a run goes on.
///
/// Every record is written whole by one call of the system: a run that is killed leaves whole records, and at worst
/// one that is cut short at the end, which TensorBoard passes over. Numbers become 32-bit ones, as the format has it.
public final class EventFile: Sendable {
    public let path: String
    private let descriptor: Int32
    private let clock: @Sendable () -> Double
    /// Bytes of whole records; what was written of a record that failed is cut off again.
    private let length = Mutex(0)

    /// Makes a new file in a folder, which is made too if it is missing; no file that is there is ever opened.
    ///
    /// - Parameters:
    ///   - step: the first step that a run which goes on is going to write: TensorBoard drops this step and later ones
    ///     of the folder's earlier files. A run that goes on after iteration k gives k + 1, one that starts `nil`.
    ///   - clock: seconds since 1970. TensorBoard reads the files of a folder in the order of the whole seconds of
    ///     their making.
    /// - Throws: `EventFileError`.
    public convenience init(
        folder: String, startingAt step: Int? = nil,
        clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) throws {
        let (path, descriptor) = try EventFile.create(in: folder, seconds: clock())
        self.init(path: path, descriptor: descriptor, clock: clock)
        try append(Event(wallTime: clock(), step: 0, content: .fileVersion))
        if let step { try append(Event(wallTime: clock(), step: step, content: .start)) }
    }

    /// Takes over an open descriptor.
    init(path: String, descriptor: Int32, clock: @escaping @Sendable () -> Double) {
        self.path = path
        self.descriptor = descriptor
        self.clock = clock
    }

    deinit { close(descriptor) }

    /// Adds named numbers of one step as one record. No numbers are no record.
    ///
    /// - Throws: `EventFileError.notWritten`, with the file as it was before.
    public func append(step: Int, scalars: [(tag: String, value: Double)]) throws {
        guard !scalars.isEmpty else { return }
        let values = scalars.map { Event.Scalar(tag: $0.tag, value: Float($0.value)) }
        try append(Event(wallTime: clock(), step: step, content: .scalars(values)))
    }

    private func append(_ event: Event) throws {
        let record = TFRecord.framed(event.message.bytes)
        try length.withLock { length in
            guard let failure = write(record) else {
                length += record.count
                return
            }
            ftruncate(descriptor, off_t(length))
            throw EventFileError.notWritten(path: path, reason: EventFile.reason(failure))
        }
    }

    /// Writes all bytes: in one call, unless the system takes only a part of them.
    ///
    /// - Returns: `errno` where it cannot.
    private func write(_ bytes: [UInt8]) -> Int32? {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Foundation.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if count == 0 || errno != EINTR {
                    return count == 0 ? ENOSPC : errno
                }
            }
            return nil
        }
    }

    /// `events.out.tfevents.<seconds>.<host>.<process>.<n>` with the first n that is free.
    private static func create(in folder: String, seconds: Double) throws -> (path: String, descriptor: Int32)
    {
        func failure(_ reason: String) -> EventFileError { .notCreated(folder: folder, reason: reason) }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            throw failure(
                underlying.map { reason(Int32($0.code)) } ?? "it is not a folder, and none can be made there")
        }
        let number = String(format: "%010.0f", max(0, seconds.isFinite ? seconds.rounded(.down) : 0))
        for attempt in 0..<10_000 {
            let name = "events.out.tfevents.\(number).\(host).\(getpid()).\(attempt)"
            let path = URL(filePath: folder, directoryHint: .isDirectory).appending(path: name).path
            // O_APPEND: after a record is cut off, the next one goes where it began.
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
            if descriptor >= 0 { return (path, descriptor) }
            guard errno == EEXIST else { throw failure(reason(errno)) }
        }
        throw failure("there are too many of them")
    }

    /// The machine's name, as far as it can be part of a file's.
    private static var host: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        let name = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" }
        return safe.isEmpty ? "localhost" : String(safe)
    }

    /// The system's words for an error, such as “No space left on device”.
    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
