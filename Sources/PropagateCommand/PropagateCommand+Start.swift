import ArgumentParser
import Configuration
import Files
import Foundation
import Limits

extension PropagateCommand {
    /// Runs the program and ends it with the exit code that `propagate help` lists.
    ///
    /// - Parameter commit: that the program was built from, with `+` where source files had changed; `nil` if unknown.
    public static func start(commit: String?) {
        ToolVersion.adopt(commit: commit)
        StandardStream.keepPlaces()
        // Beyond the limit of a file's size writing shall fail and say so.
        signal(SIGXFSZ, SIG_IGN)
        OutOfMemory.adopt { sentence in
            StandardStream.complain(sentence)
            _exit(ExitCode.couldNotMeasure.rawValue)
        }
        do throws(CommandLineBytes.NotUTF8) {
            try CommandLineBytes.requireText()
        } catch {
            StandardStream.complain("\(error)")
            exit(withError: ExitCode.validationFailure)
        }
        do {
            let invocation = try Invocation.current.get()
            var command: any ParsableCommand
            do {
                command = try parseAsRoot(invocation.words)
            } catch {
                try blameFile(of: invocation)
                throw error
            }
            try command.run()
        } catch let error as ConfigurationError {
            StandardStream.complain("\(error)")
            exit(withError: ExitCode.couldNotMeasure)
        } catch {
            end(with: error)
        }
    }

    /// Ends the program as the parser would, with two differences. Help, a version or a completion script that cannot be
    /// written is an error like any other; and a message repeats words that were typed, which may hold control characters.
    private static func end(with error: any Error) -> Never {
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        guard !text.isEmpty else { exit(withError: code) }
        guard code == .success else {
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                StandardStream.tell(String(line))
            }
            exit(withError: code)
        }
        do throws(OutputError) {
            try StandardStream.print(text + "\n")
        } catch {
            StandardStream.complain("\(error)")
            exit(withError: ExitCode.couldNotMeasure)
        }
        exit(withError: ExitCode.success)
    }

    /// Finds out whether weights or a configuration file hold what was refused, and in which line.
    ///
    /// - Throws: `ConfigurationError.refused` if they do.
    private static func blameFile(of invocation: Invocation) throws {
        func refusal(ofWords words: [String]) -> String? {
            do {
                _ = try parseAsRoot(words)
                return nil
            } catch {
                return message(for: error)
            }
        }
        if let weights = invocation.weights, let reason = refusal(ofWords: invocation.words),
            refusal(ofWords: invocation.wordsWithoutWeights) == nil
        {
            throw ConfigurationError.refused(path: weights.path, line: nil, reason: reason)
        }
        guard let file = invocation.file else { return }
        func refusal(of settings: [RunConfiguration.Setting]) -> String? {
            refusal(ofWords: invocation.words(with: settings))
        }
        // What is refused without the file as well is not its fault.
        let anyway = refusal(of: [])
        func fault(in settings: [RunConfiguration.Setting]) -> String? {
            refusal(of: settings).flatMap { $0 == anyway ? nil : $0 }
        }
        guard let whole = fault(in: file.configuration.settings) else { return }
        for setting in file.configuration.settings {
            guard let reason = fault(in: [setting]) else { continue }
            throw ConfigurationError.refused(path: file.path, line: setting.line, reason: reason)
        }
        throw ConfigurationError.refused(path: file.path, line: nil, reason: whole)
    }
}

extension ExitCode {
    /// Besides 0 and ArgumentParser's 64.
    static let checkFailed = ExitCode(1)
    static let couldNotMeasure = ExitCode(2)
}
