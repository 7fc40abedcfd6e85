import BuiltProgram
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A terminal without a screen, to see what the program shows where one is.
struct PseudoTerminal {
    let columns: UInt16
    let rows: UInt16

    struct Unavailable: Error {}

    /// What the program prints with standard output and standard error on this terminal.
    func run(_ arguments: [String], environment: [String: String] = [:]) throws -> String {
        var (leader, follower): (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&leader, &follower, nil, nil, &size) == 0 else { throw Unavailable() }
        let terminal = FileHandle(fileDescriptor: follower, closeOnDealloc: true)
        let process = Program.process(arguments, environment: ["TERM": "xterm"].merging(environment) { $1 })
        process.standardOutput = terminal
        process.standardError = terminal
        try process.run()
        try terminal.close()
        let text = read(from: leader)
        process.waitUntilExit()
        close(leader)
        return text.replacing("\r\n", with: "\n")
    }

    /// Everything until the program closes the terminal, which Linux reports as an error of the leader's side.
    private func read(from leader: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(leader, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
