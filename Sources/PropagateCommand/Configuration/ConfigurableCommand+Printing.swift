import Configuration

extension ConfigurableCommand {
    /// Prints the configuration file that the command line amounts to: every choice that was left open made.
    ///
    /// - Parameters:
    ///   - resolved: what the command makes of options, by their names.
    ///   - operand: the word behind the command's name, which no file can say.
    ///   - unsaid: options that the resolved ones replace.
    func printConfiguration(
        _ resolved: [String: [String]], after operand: String? = nil, unsaid: Set<String> = []
    ) throws {
        let keys = try Self.keys()
        let typed = try Self.settings(try Invocation.current.get().options, keys: keys)
        let configuration = Self.complete(
            typed, with: resolved, keys: keys.filter { !unsaid.contains($0.name) })
        let name = Self.configuration.commandName.flatMap {
            $0 == AnalyzeCommand.configuration.commandName ? nil : $0
        }
        let words = ["propagate", name, operand, "--configuration FILE"].compactMap(\.self).joined(
            separator: " ")
        try StandardStream.print(
            ConfigurationText.text(
                configuration, keys: keys,
                head: ["A run of propagate \(ToolVersion.current), every choice made. Repeat it:", words]))
    }

    /// What the words set, the two options that deal with configuration files aside.
    private static func settings(_ words: [String], keys: [ConfigurationKey]) throws -> RunConfiguration {
        let own = ConfigurationOptions.keys
        let scan = try CommandLineScan(words, keys: keys + own)
        return RunConfiguration(scan.configuration.settings.filter { !own.contains($0.key) })
    }

    /// One setting a key: what the command resolved it to, else what was typed last, else what holds where
    /// nothing is said.
    private static func complete(
        _ typed: RunConfiguration, with resolved: [String: [String]], keys: [ConfigurationKey]
    ) -> RunConfiguration {
        RunConfiguration(
            keys.compactMap { key in
                let values = typed.values(of: key.name)
                if let value = resolved[key.name] { return .init(key, value) }
                if let last = values.last { return .init(key, key.arity == .list ? values : [last]) }
                return key.arity == .value ? key.defaultValue.map { .init(key, [$0]) } : nil
            })
    }
}
