import Files
import Reporting

/// Standard output and standard error, with errors reported instead of trapped or swallowed.
enum StandardStream {
    /// - Throws: `OutputError` where the text cannot be taken, as on a full disk.
    static func print(_ text: String) throws(OutputError) {
        do throws(SystemFailure) {
            try OutputDevice.standardOutput.write(text)
        } catch {
            throw .failed(path: "Standard output", reason: error.reason)
        }
    }

    /// One sentence on standard error. There is nowhere to report that it could not be written.
    static func complain(_ sentence: String) { note("Error: \(sentence.withoutControlCharacters)\n") }

    /// A line for whoever watches the run.
    static func tell(_ line: String) { note(line.withoutControlCharacters + "\n") }

    /// Text for whoever watches the run, with the control characters of a line that renews itself.
    static func note(_ text: String) { try? OutputDevice.standardError.write(text) }
}
