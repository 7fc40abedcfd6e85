import ArgumentParser
import Configuration

/// What the program was started with: the words that were typed, behind those of a configuration file, and these behind what
/// trained weights say of their network.
struct Invocation: Sendable {
    /// A configuration file, or weights, and what it says.
    struct File: Sendable {
        let path: String
        let configuration: RunConfiguration
    }

    /// The command's name; `nil` where none was typed.
    let command: String?
    /// The words that were typed, without the command's name.
    let typed: [String]
    let file: File?
    /// Trained weights that `analyze` is to measure.
    let weights: File?

    /// The settings of the file, then the words that were typed; without the command's name.
    var options: [String] { (file?.configuration.words ?? []) + typed }
    /// The command line that says everything.
    var words: [String] { words(with: file?.configuration.settings ?? []) }

    /// The command line as it were if the file held these settings.
    func words(with settings: [RunConfiguration.Setting]) -> [String] {
        words(weights?.configuration.settings ?? [], settings)
    }
    /// The same if the weights said nothing.
    var wordsWithoutWeights: [String] { words([], file?.configuration.settings ?? []) }

    private func words(
        _ ofWeights: [RunConfiguration.Setting], _ ofFile: [RunConfiguration.Setting]
    ) -> [String] {
        [command].compactMap(\.self) + RunConfiguration(ofWeights + ofFile).words + typed
    }

    /// - Throws: `ConfigurationError` where `--configuration` names a file that cannot be used.
    init(_ arguments: [String]) throws {
        let known = PropagateCommand.configuration.subcommands
        let named = known.first { $0.configuration.commandName == arguments.first }
        let rest = named == nil ? arguments[...] : arguments.dropFirst()
        let command = named ?? AnalyzeCommand.self
        self.command = named?.configuration.commandName
        file = try Self.path(in: rest).flatMap { path in
            guard let command = command as? any ConfigurableCommand.Type else { return nil }
            let scan = try? CommandLineScan(
                Array(rest), keys: try command.keys() + ConfigurationOptions.keys)
            var configuration = try SettingsFile.read(path: path, for: command, beside: scan?.operands)
            // Of one value the last counts; lists would add up.
            if command.takesLists {
                let typed = Self.names(in: rest)
                configuration.settings.removeAll { typed.contains($0.key.name) }
            }
            return File(path: path, configuration: configuration)
        }
        typed = Array(rest)
        weights =
            command == AnalyzeCommand.self ? Self.weights(in: (file?.configuration.words ?? []) + rest) : nil
    }

    /// What is wrong with weights that cannot be opened, the command says itself.
    private static func weights(in words: [String]) -> File? {
        let named = NamedWeights(in: words)
        guard let path = named.path, let settings = try? named.settings() else { return nil }
        return File(path: path, configuration: RunConfiguration(settings))
    }

    /// This process's.
    static let current = Result { try Invocation(Array(CommandLine.arguments.dropFirst())) }

    /// The options that are typed, without dashes.
    private static func names(in words: ArraySlice<String>) -> Set<String> {
        Set(words.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2).prefix { $0 != "=" }) })
    }

    /// The file that `--configuration` names, the last one where there are several.
    private static func path(in words: ArraySlice<String>) -> String? {
        let option = "--configuration"
        var path: String?
        for (index, word) in zip(words.indices, words) {
            if word == "--" { break }
            if word == option, index + 1 < words.endIndex { path = words[index + 1] }
            if word.hasPrefix(option + "=") { path = String(word.dropFirst(option.count + 1)) }
        }
        return path
    }
}

/// A command that a configuration file can speak for.
protocol ConfigurableCommand: ParsableCommand {
    /// Whether every option may hold several values.
    static var takesLists: Bool { get }

    /// What its manifests say besides: words that are operands and no options.
    static var operandNames: [String] { get }

    /// The keys of its configuration files.
    static func keys() throws -> [ConfigurationKey]
}

extension ConfigurableCommand {
    static var takesLists: Bool { false }
    static var operandNames: [String] { [] }
    static func keys() throws -> [ConfigurationKey] { try CommandKeys.keys(of: self) }
}

extension AnalyzeCommand: ConfigurableCommand {}
