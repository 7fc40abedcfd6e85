import Files
import Foundation
import Reporting

/// Standard output and standard error, with errors reported instead of trapped or swallowed.
enum StandardStream {
    /// Sees to it that no file which is opened later takes the place of a stream that was closed at the start, and gets
    /// what is meant for that. Writing to it fails as before.
    static func keepPlaces() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is this one.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

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
