import Configuration
import Files
import Reporting

/// What a file says of a run: a configuration in YAML, or the manifest of a run, alone or in its report, which repeats it.
enum SettingsFile {
    /// - Throws: `ConfigurationError`.
    static func read(
        path: String, for command: any ConfigurableCommand.Type, keys: [ConfigurationKey]? = nil
    ) throws -> RunConfiguration {
        let keys = try keys ?? command.keys()
        guard let manifest = try? ManifestFile(path: path) else {
            return try ConfigurationFile.read(path: path, keys: keys, allowsLists: command.takesLists)
        }
        return try settings(of: manifest.run, path: path, for: command, keys: keys)
    }

    private static func settings(
        of run: RunManifest, path: String, for command: any ConfigurableCommand.Type, keys: [ConfigurationKey]
    ) throws -> RunConfiguration {
        RunConfiguration(
            try inTypedOrder(run).compactMap { name, value in
                if command.operandNames.contains(name) { return nil }
                guard let key = keys.first(where: { $0.name == name }) else {
                    throw ConfigurationError.refused(
                        path: path, line: nil, reason: foreignOption(name, of: run, for: command))
                }
                return .init(key, key.arity == .list ? value.split(separator: " ").map(String.init) : [value])
            })
    }

    /// The options in the order in which they were typed, which is that of a sweep's axes; then those that were not.
    private static func inTypedOrder(_ run: RunManifest) -> [(key: String, value: String)] {
        func place(_ name: String) -> Int {
            run.command.firstIndex { $0 == "--\(name)" || $0.hasPrefix("--\(name)=") } ?? .max
        }
        return run.configuration.sorted { (place($0.key), $0.key) < (place($1.key), $1.key) }
    }

    private static func foreignOption(
        _ name: String, of run: RunManifest, for command: any ConfigurableCommand.Type
    ) -> String {
        let typed = run.command.map(\.quotedForShell).joined(separator: " ")
        return "its run (\(typed)) has the option “\(name)”, which \(command.spokenName) does not have."
    }
}

extension ConfigurableCommand {
    /// Such as “propagate train”.
    static var spokenName: String { "propagate \(configuration.commandName ?? "")" }
}
