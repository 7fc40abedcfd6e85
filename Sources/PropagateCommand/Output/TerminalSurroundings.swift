import Foundation
import Reporting

/// What the program runs in, as far as what it prints depends on it.
enum TerminalSurroundings {
    /// The style that suits where standard output goes.
    static var style: TerminalStyle {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let size = size(of: STDOUT_FILENO)
        return TerminalStyle(
            width: statedColumns ?? size.map { max(40, min(140, $0.columns)) } ?? 100,
            height: size.map { max(24, min(60, $0.rows - 1)) } ?? 44,
            colour: isTerminal && !isDumb && !forbidsColour, unicode: !isTerminal || showsUnicode)
    }

    /// Columns of the terminal that standard error goes to, if it is one that can wipe a line.
    static var progressColumns: Int? {
        isatty(STDERR_FILENO) == 1 && !isDumb ? size(of: STDERR_FILENO)?.columns ?? 80 : nil
    }

    /// Whether the locale's encoding is UTF-8; where no locale is set it most likely is.
    static var showsUnicode: Bool {
        let settings = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }
        return settings.first { !$0.isEmpty }?.uppercased().contains("UTF") ?? true
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }
    /// Whether the terminal knows no control sequences, or nobody says that it knows any.
    private static var isDumb: Bool { ["", "dumb"].contains(environment["TERM"] ?? "") }
    /// NO_COLOR, set to anything but nothing (no-color.org).
    private static var forbidsColour: Bool { environment["NO_COLOR"].map { !$0.isEmpty } ?? false }

    /// COLUMNS, wherever the output goes: who sets it has chosen.
    private static var statedColumns: Int? {
        environment["COLUMNS"].flatMap(Int.init).flatMap { $0 > 0 ? max(40, min(1000, $0)) : nil }
    }

    private static func size(of descriptor: Int32) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard isatty(descriptor) == 1, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
