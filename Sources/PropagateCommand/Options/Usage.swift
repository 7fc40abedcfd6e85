import ArgumentParser
import Configuration

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
