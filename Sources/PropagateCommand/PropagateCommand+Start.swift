import ArgumentParser
import Configuration

extension PropagateCommand {
    /// Runs the program and ends it with the exit code that `propagate help` lists.
    public static func start() {
        do {
            let invocation = try Invocation.current.get()
            var command: any ParsableCommand
            do {
                command = try parseAsRoot(invocation.words)
            } catch {
                try blameFile(of: invocation)
                exit(withError: error)
            }
            do {
                try command.run()
            } catch {
                type(of: command).exit(withError: error)
            }
        } catch {
            StandardStream.complain("\(error)")
            exit(withError: ExitCode.couldNotMeasure)
        }
    }

    /// Finds out whether a configuration file holds what was refused, and in which line.
    ///
    /// - Throws: `ConfigurationError.refused` if it does.
    private static func blameFile(of invocation: Invocation) throws {
        guard let file = invocation.file else { return }
        let command = [invocation.command].compactMap(\.self)
        func refusal(of words: [String]) -> String? {
            do {
                _ = try parseAsRoot(command + words)
                return nil
            } catch {
                return message(for: error)
            }
        }
        for setting in file.configuration.settings {
            guard let reason = refusal(of: setting.words) else { continue }
            throw ConfigurationError.refused(path: file.path, line: setting.line, reason: reason)
        }
        if let reason = refusal(of: file.configuration.words) {
            throw ConfigurationError.refused(path: file.path, line: nil, reason: reason)
        }
    }
}

extension ExitCode {
    /// Besides 0 and ArgumentParser's 64.
    static let checkFailed = ExitCode(1)
    static let couldNotMeasure = ExitCode(2)
}
