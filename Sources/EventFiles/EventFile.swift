import Files
import Foundation

/// A TensorBoard event file that grows while a run goes on.
///
/// Every record is written whole by one call of the system: a run that is killed leaves whole records, and at worst
/// one that is cut short at the end, which TensorBoard passes over. Numbers become 32-bit ones, as the format has it.
public final class EventFile: Sendable {
    public var path: String { file.path }
    private let file: GrowingFile<EventFileError>
    private let clock: @Sendable () -> Double

    /// Makes a new file in a folder, which is made too if it is missing; no file that is there is ever opened.
    ///
    /// - Parameters:
    ///   - step: the first step that a run which goes on is going to write: TensorBoard drops this step and later ones
    ///     of the folder's earlier files. A run that goes on after iteration k gives k + 1, one that starts `nil`.
    ///   - clock: seconds since 1970.
    /// - Throws: `EventFileError`.
    public convenience init(
        folder: String, startingAt step: Int? = nil,
        clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) throws {
        self.init(try EventFile.create(in: folder, seconds: clock()), clock: clock)
        try append(Event(wallTime: clock(), step: 0, content: .fileVersion))
        if let step { try append(Event(wallTime: clock(), step: step, content: .start)) }
    }

    init(_ file: GrowingFile<EventFileError>, clock: @escaping @Sendable () -> Double) {
        self.file = file
        self.clock = clock
    }

    /// Adds named numbers of one step as one record. No numbers are no record.
    ///
    /// - Throws: `EventFileError.unwritable`, with the file as it was before.
    public func append(step: Int, scalars: [(tag: String, value: Double)]) throws {
        guard !scalars.isEmpty else { return }
        let values = scalars.map { Event.Scalar(tag: $0.tag, value: Float($0.value)) }
        try append(Event(wallTime: clock(), step: step, content: .scalars(values)))
    }

    private func append(_ event: Event) throws { try file.append(TFRecord.framed(event.message.bytes)) }

    private static func create(in folder: String, seconds: Double) throws -> GrowingFile<EventFileError> {
        try FolderChange<EventFileError>.make(folder)
        for attempt in 0..<10_000 {
            let name = EventFileName.next(
                after: Folder.textNames(in: folder), seconds: seconds, host: host, attempt: attempt)
            if let file = try GrowingFile<EventFileError>(creating: Path.entry(name, of: folder)) {
                return file
            }
        }
        throw EventFileError.unwritable(folder, reason: "there are too many event files in it")
    }

    /// The machine's name, as far as it can be part of a file's.
    private static var host: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        let name = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" }
        return safe.isEmpty ? "localhost" : String(safe)
    }
}
