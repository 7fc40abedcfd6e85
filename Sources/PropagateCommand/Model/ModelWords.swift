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

    /// - Parameter typed: the words of the command line, and of its configuration file.
    init(typed words: [String], path: String) throws {
        let scan = try? CommandLineScan(words, keys: AnalyzeCommand.keys() + ConfigurationOptions.keys)
        typed = scan?.configuration.settings ?? []
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

    /// Outside the options on the network.
    private static let ofNetworks: Set = ["seeds", "mode", "export"]
}

/// Why words do not go with a model of a file.
enum ModelWordsError: Error, Equatable, CustomStringConvertible {
    case ofNetworks(String, path: String)

    var description: String {
        switch self {
        case .ofNetworks("mode", let path):
            "--mode is for networks that are built here; of \(path), choose with --bn running or --bn batch."
        case .ofNetworks("seeds", let path):
            "--seeds is for networks whose weights are drawn; those of \(path) are what they are."
        case .ofNetworks(let option, let path):
            "--\(option) is for networks that are built here, and \(path) is there already."
        }
    }
}
