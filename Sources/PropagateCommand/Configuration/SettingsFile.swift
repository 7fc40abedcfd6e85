import Configuration
import Files
import Reporting

/// What a file says of a run: a configuration in YAML, or the manifest of a run, alone or in its report, which repeats it.
enum SettingsFile {
    /// - Parameter operands: those that are typed beside the file; `nil` where the command line cannot be taken apart.
    /// - Throws: `ConfigurationError`.
    static func read(
        path: String, for command: any ConfigurableCommand.Type, beside operands: [String]? = nil
    ) throws -> RunConfiguration {
        let keys = try command.keys()
        func settings(of manifest: ManifestFile) throws -> RunConfiguration {
            try Self.settings(of: manifest.run, path: path, for: command, beside: operands, keys: keys)
        }
        // What comes through a pipe comes once.
        if ConfigurationFile.isStream(path) {
            let text = try ConfigurationFile.text(path: path)
            if let manifest = try? ManifestFile(json: Array(text.utf8), of: path) {
                return try settings(of: manifest)
            }
            return try ConfigurationFile.parse(
                text, path: path, keys: keys, allowsLists: command.takesLists)
        }
        guard let manifest = try? ManifestFile(path: path) else {
            return try ConfigurationFile.read(path: path, keys: keys, allowsLists: command.takesLists)
        }
        return try settings(of: manifest)
    }

    private static func settings(
        of run: RunManifest, path: String, for command: any ConfigurableCommand.Type,
        beside operands: [String]?, keys: [ConfigurationKey]
    ) throws -> RunConfiguration {
        RunConfiguration(
            try ordered(run).compactMap { name, value in
                if command.operandNames.contains(name) {
                    guard let operands, !operands.contains(value) else { return nil }
                    throw ConfigurationError.refused(
                        path: path, line: nil,
                        reason:
                            "its run is of \(value): \(command.spokenName) \(value.quotedForShell) repeats it."
                    )
                }
                guard let key = keys.first(where: { $0.name == name }) else {
                    throw ConfigurationError.refused(
                        path: path, line: nil, reason: foreignOption(name, of: run, for: command))
                }
                return .init(key, key.arity == .list ? value.shellWords : [value])
            })
    }

    /// The axes of a sweep in their order, in which its heat maps are laid out; then the other options by their names.
    private static func ordered(_ run: RunManifest) -> [(key: String, value: String)] {
        var options = run.configuration
        let axes = (options.removeValue(forKey: SweepGrid.axesName) ?? "").split(separator: ",").map(
            String.init)
        func place(_ name: String) -> Int { axes.firstIndex(of: name) ?? axes.count }
        return options.sorted { (place($0.key), $0.key) < (place($1.key), $1.key) }
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
