import ArgumentParser
import Configuration

/// Ends a command with the exit code that its outcome stands for.
enum Outcome {
    /// - Parameter body: measures and reports, and says whether all checks hold.
    static func report(_ body: () throws -> Bool) throws {
        let allChecksHold: Bool
        do {
            allChecksHold = try body()
        } catch {
            StandardStream.complain("\(error)")
            throw ExitCode.couldNotMeasure
        }
        if !allChecksHold { throw ExitCode.checkFailed }
    }
}

/// Tells wrong usage from files that cannot be used.
enum Usage {
    /// Refuses what the command line is to blame for. What a file is to blame for is met again, and reported,
    /// when the command runs.
    static func check(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ConfigurationError where error.isOfFile {
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
