import ProtocolBuffers

/// A key with its text: `StringStringEntryProto`.
struct TextEntry {
    private(set) var key = ""
    private(set) var value = ""

    init(_ message: MessageReader) throws {
        var (message, text) = (message, nil as MessageField?)
        while let field = try message.next() {
            switch field.number {
            case 1: key = try field.string()
            case 2: text = field
            default: break
            }
        }
        if let text, !isStackTrace { value = try text.repairedString() }
    }

    /// Whether it says where the lines of a program were: paths of the machine that exported the file, which are never
    /// read.
    fileprivate var isStackTrace: Bool { key.hasSuffix("stack_trace") }
}

extension [String: String] {
    /// Adds an entry of a file, unless it is one that is never read.
    mutating func insert(_ entry: TextEntry) {
        if !entry.isStackTrace { self[entry.key] = entry.value }
    }
}
