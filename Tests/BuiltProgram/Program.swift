import Foundation
import TemporaryFolders

/// The built program, run as a user runs it.
public enum Program {
    /// What one run left behind.
    public struct Outcome: Sendable {
        public let exitCode: Int32
        /// Whether a signal ended it; `exitCode` is then the signal's number.
        public let isKilled: Bool
        public let output: String
        public let errors: String
        public let seconds: Double
    }

    /// SwiftPM puts the program beside the test runner, wherever the build folder is.
    public static let executable = URL(filePath: CommandLine.arguments[0])
        .resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "propagate")

    /// Runs it to its end.
    public static func run(
        _ arguments: String..., in folder: TemporaryFolder? = nil, environment: [String: String] = [:]
    ) throws -> Outcome {
        try run(arguments, in: folder, environment: environment)
    }

    public static func run(
        _ arguments: [String], in folder: TemporaryFolder? = nil, environment: [String: String] = [:],
        meanwhile: (Process) -> Void = { _ in }
    ) throws -> Outcome {
        try run(process(arguments, environment: environment), in: folder, meanwhile: meanwhile)
    }

    /// Runs a line of shell, which sets up what the program is to meet.
    public static func run(
        shell line: String, in folder: TemporaryFolder, environment: [String: String] = [:]
    ) throws -> Outcome {
        let process = process(["-c", line], environment: environment)
        process.executableURL = URL(filePath: "/bin/bash")
        return try run(process, in: folder)
    }

    private static func run(
        _ process: Process, in folder: TemporaryFolder?, meanwhile: (Process) -> Void = { _ in }
    ) throws -> Outcome {
        // Files, not pipes: nothing has to be read while the program runs, however much it prints.
        let streams = try TemporaryFolder()
        let (output, errors) = (try streams.handle("output"), try streams.handle("errors"))
        process.currentDirectoryURL = folder?.url ?? streams.url
        process.standardOutput = output
        process.standardError = errors
        let start = Date()
        try withNoSignalBlocked { try process.run() }
        meanwhile(process)
        process.waitUntilExit()
        return Outcome(
            exitCode: process.terminationStatus, isKilled: process.terminationReason == .uncaughtSignal,
            output: try streams.text("output"), errors: try streams.text("errors"),
            seconds: Date().timeIntervalSince(start))
    }

    /// Swift's worker threads block signals, and what they start would inherit that.
    private static func withNoSignalBlocked(_ body: () throws -> Void) rethrows {
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    /// A run that is not started, in surroundings that do not depend on who tests.
    public static func process(_ arguments: [String], environment: [String: String] = [:]) -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        var surroundings = ProcessInfo.processInfo.environment
        for name in ["COLUMNS", "LINES", "LC_ALL", "LC_CTYPE", "NO_COLOR", "TERM"] {
            surroundings[name] = nil
        }
        surroundings["LANG"] = "C.UTF-8"
        // What looks into a crash outlives the program, and with it the streams by which its end is noticed.
        surroundings["SWIFT_BACKTRACE"] = "enable=no"
        process.environment = surroundings.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        return process
    }
}
