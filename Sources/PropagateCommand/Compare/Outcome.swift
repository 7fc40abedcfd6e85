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
    static func checked<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as ConfigurationError where error.isOfFile {
            StandardStream.complain("\(error)")
            throw ExitCode.couldNotMeasure
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
