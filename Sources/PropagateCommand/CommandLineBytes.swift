import Files
import Foundation

/// The command line as the system gives it: bytes, which need not be text.
enum CommandLineBytes {
    /// An argument that is not UTF-8 cannot be told as it is, and a name that was changed to be told would lead to another
    /// file.
    struct NotUTF8: Error, Equatable, CustomStringConvertible {
        let position: Int
        let shown: String

        var description: String {
            "Argument \(position) (\(shown)) is not UTF-8, as names must be here: rename the file or folder, or use a link."
        }
    }

    /// - Throws: `NotUTF8` for the first argument that is not.
    static func requireText() throws(NotUTF8) {
        for position in 1..<max(1, Int(CommandLine.argc)) {
            guard let argument = CommandLine.unsafeArgv[position] else { return }
            let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument))
                .map { UInt8(bitPattern: $0) }
            if String(validating: bytes, as: UTF8.self) == nil {
                throw NotUTF8(position: position, shown: FileName(bytes).escaped)
            }
        }
    }
}
