import Foundation

/// Standard output and standard error, with errors reported instead of trapped or swallowed.
enum StandardStream {
    /// - Throws: `OutputError` where the text cannot be taken, as on a full disk.
    static func print(_ text: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            throw OutputError.failed(path: "Standard output", reason: OutputError.reason(error))
        }
    }

    /// One sentence on standard error. There is nowhere to report that it could not be written.
    static func complain(_ sentence: String) { note("Error: \(sentence)\n") }

    /// Text for whoever watches the run.
    static func note(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
