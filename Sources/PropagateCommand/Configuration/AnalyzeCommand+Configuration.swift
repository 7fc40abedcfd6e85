import Analysis
import Configuration

extension AnalyzeCommand {
    /// Prints the configuration file that the command line amounts to: every choice that was left open made.
    func printConfiguration() throws {
        let request = try request()
        let keys = try Self.keys()
        let typed = try Self.settings(try Invocation.current.get().options, keys: keys)
        let configuration = Self.complete(
            typed, with: RunManifest(of: request).configuration, keys: keys)
        try StandardStream.print(
            ConfigurationText.text(
                configuration, keys: keys,
                head: [
                    "A run of propagate \(ToolVersion.current), every choice made. Repeat it:",
                    "propagate --configuration FILE",
                ]))
    }

    /// What the words set, the two options that deal with configuration files aside.
    private static func settings(_ words: [String], keys: [ConfigurationKey]) throws -> RunConfiguration {
        let own = [
            ConfigurationKey(name: "configuration", documentation: "", section: "", arity: .value),
            ConfigurationKey(name: "print-configuration", documentation: "", section: "", arity: .flag),
        ]
        let scan = try CommandLineScan(words, keys: keys + own)
        return RunConfiguration(scan.configuration.settings.filter { !own.contains($0.key) })
    }

    /// One setting a key: what the run resolved it to, else what was typed last.
    private static func complete(
        _ typed: RunConfiguration, with resolved: [String: String], keys: [ConfigurationKey]
    ) -> RunConfiguration {
        RunConfiguration(
            keys.compactMap { key in
                let values = typed.values(of: key.name)
                if let value = resolved[key.name] { return .init(key, [value]) }
                guard let last = values.last else { return nil }
                return .init(key, key.arity == .list ? values : [last])
            })
    }
}
