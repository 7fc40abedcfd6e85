import ArgumentParser
import Configuration

/// What was typed beside a model of a file: options that say how a network is built have nothing to say there.
struct ModelWords {
    /// `--shortcut`, which names operands of merges here.
    let shortcuts: String?
    /// `--data`; `nil` where it is left to the model's inputs.
    let data: String?
    private let path: String
    private let typed: [RunConfiguration.Setting]

    /// - Parameters:
    ///   - typed: the words of the command line, and of its configuration file.
    ///   - command: whose options they are.
    init(
        typed words: [String], path: String, for command: any ParsableCommand.Type = AnalyzeCommand.self
    ) throws {
        typed = try Self.settings(words, for: command)
        shortcuts = typed.last { $0.key.name == "shortcut" }?.values.last
        data = typed.last { $0.key.name == "data" }?.values.last
        self.path = path
    }

    /// - Throws: `ModelWordsError` with the first option that is of networks built here.
    func requireOptionsOfModels() throws {
        let foreign = typed.first { setting in
            Self.ofNetworks.contains(setting.key.name)
                || setting.key.section == NetworkOptions.title && setting.key.name != "shortcut"
        }
        if let foreign { throw ModelWordsError.ofNetworks(foreign.key.name, path: path) }
    }

    /// Refuses options on models beside a network that is built here.
    ///
    /// - Throws: `ModelWordsError` with the first of them.
    static func requireNone(in words: [String], for command: any ParsableCommand.Type) throws {
        let foreign = try settings(words, for: command).first {
            [ModelOptions.title, RunOptions.title].contains($0.key.section)
        }
        if let foreign { throw ModelWordsError.ofModels(foreign.key.name) }
    }

    private static func settings(
        _ words: [String], for command: any ParsableCommand.Type
    ) throws -> [RunConfiguration.Setting] {
        let keys = try CommandKeys.keys(of: command) + ConfigurationOptions.keys
        return (try? CommandLineScan(words, keys: keys))?.configuration.settings ?? []
    }

    /// Outside the options on the network.
    private static let ofNetworks: Set = ["seeds", "mode", "export"]
}

/// Why words do not go with a model of a file.
enum ModelWordsError: Error, Equatable, CustomStringConvertible {
    case ofNetworks(String, path: String)
    case ofModels(String)

    var description: String {
        switch self {
        case .ofNetworks("mode", let path):
            "--mode is for networks that are built here; of \(path), choose with --bn running or --bn batch."
        case .ofNetworks("seeds", let path):
            "--seeds is for networks whose weights are drawn; those of \(path) are what they are."
        case .ofNetworks(let option, let path):
            "--\(option) is for networks that are built here, and \(path) is there already."
        case .ofModels(let option):
            "--\(option) is for models of files, and none is named."
        }
    }
}
