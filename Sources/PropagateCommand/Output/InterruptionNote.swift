import Foundation
import Synchronization

/// Says a sentence when the program is interrupted, which then ends as it would have.
///
/// A handler of the signal does, rather than a queue that waits for it: that would take threads, which may not be had.
struct InterruptionNote {
    private static let kinds = [SIGINT, SIGTERM]
    /// What a handler may use: bytes that are there already.
    nonisolated(unsafe) private static let note = Atomic<UnsafeRawPointer?>(nil)
    private static let length = Atomic<Int>(0)

    private let heard: [Int32]

    init(sentence: String) {
        // In place of a line of progress that may stand there.
        let beginning = TerminalSurroundings.progressColumns == nil ? "" : RenewedLine.beginning
        let text = Array("\(beginning)propagate: \(sentence.withoutControlCharacters)\n".utf8)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.count, alignment: 1)
        bytes.copyBytes(from: text)
        Self.length.store(text.count, ordering: .relaxed)
        // Never given back: a handler may be at work on it whenever the program ends.
        Self.note.store(UnsafeRawPointer(bytes.baseAddress), ordering: .releasing)
        heard = Self.kinds.filter { !SignalDisposition.isIgnored($0) }
        for kind in heard {
            signal(kind) { kind in
                if let note = InterruptionNote.note.exchange(nil, ordering: .acquiring) {
                    _ = write(STDERR_FILENO, note, InterruptionNote.length.load(ordering: .relaxed))
                }
                signal(kind, SIG_DFL)
                raise(kind)
            }
        }
    }

    func end() {
        for kind in heard { signal(kind, SIG_DFL) }
    }
}
