import Foundation

/// `events.out.tfevents.<seconds>.<host>.<process>.<n>`.
///
/// TensorBoard reads the files of a folder in the order of their names and never goes back. So a new file is named after
/// all that are there, also where the clock was set back or two machines differ.
enum EventFileName {
    private static let start = "events.out.tfevents."
    /// Of the seconds, until the year 2286: more digits would change the order.
    private static let digits = 10
    private static let greatest = 9_999_999_999

    /// - Parameters:
    ///   - names: what is in the folder.
    ///   - seconds: since 1970.
    ///   - attempt: how many names have turned out to be taken meanwhile.
    static func next(after names: [String], seconds: Double, host: String, attempt: Int) -> String {
        let clock = Int(exactly: max(0, min(Double(greatest), seconds.rounded(.down)))) ?? 0
        let newest = names.filter { $0.hasPrefix(start) }.max { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard let newest else { return name(clock, host, attempt) }
        let digits = newest.dropFirst(start.count).prefix { $0.isASCII && $0.isNumber }
        // Numbers of other lengths, of strangers, do not stand in the order of their names.
        guard digits.count == Self.digits, let last = Int(digits), last < greatest else {
            return "\(newest).\(attempt)"
        }
        return name(max(clock, last + 1), host, attempt)
    }

    private static func name(_ seconds: Int, _ host: String, _ attempt: Int) -> String {
        start + String(format: "%010ld", seconds) + ".\(host).\(getpid()).\(attempt)"
    }
}
