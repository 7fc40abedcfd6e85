import ArgumentParser
import Reporting

/// What a measured run says to the script that started it.
enum RunOutcome {
    case held
    case failed
    /// An assertion asks for a number that is not there.
    case undecided

    init(checksHold: Bool, assertions: [AssertionFinding]) {
        if !checksHold || assertions.contains(where: { $0.outcome == .fails }) {
            self = .failed
        } else {
            self = assertions.allSatisfy { $0.outcome == .holds } ? .held : .undecided
        }
    }

    /// As the help of the command states them.
    var exitCode: ExitCode {
        switch self {
        case .held: .success
        case .failed: .failure
        case .undecided: ExitCode.couldNotMeasure
        }
    }
}
