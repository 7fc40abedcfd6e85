import ArgumentParser
import Reporting
import Training

/// What a measured run says to the script that started it.
enum RunOutcome {
    case held
    case failed
    /// A value could not be had, or an assertion asks for a number that is not there.
    case undecided
    /// A signal asked to stop, and the run can go on from where it did.
    case stopped(bySignal: Int32)

    init(checksHold: Bool, isComplete: Bool = true, assertions: [AssertionFinding] = []) {
        if assertions.contains(where: { $0.outcome == .fails }) {
            self = .failed
        } else if !isComplete {
            self = .undecided
        } else if !checksHold {
            self = .failed
        } else {
            self = assertions.allSatisfy { $0.outcome == .holds } ? .held : .undecided
        }
    }

    /// Ends a command with the exit code that its outcome stands for. An error becomes a sentence on standard error.
    static func report(_ body: () throws -> RunOutcome) throws {
        let outcome: RunOutcome
        do {
            outcome = try body()
        } catch {
            StandardStream.complain("\(error)")
            for line in (error as? CheckpointError)?.conversion ?? [] { StandardStream.tell(line) }
            throw ExitCode.couldNotMeasure
        }
        if outcome.exitCode != .success { throw outcome.exitCode }
    }

    /// As the help of the command states them.
    private var exitCode: ExitCode {
        switch self {
        case .held: .success
        case .failed: .checkFailed
        case .undecided: ExitCode.couldNotMeasure
        // As a shell tells of a process that a signal ended.
        case .stopped(let signal): ExitCode(128 + signal)
        }
    }
}
