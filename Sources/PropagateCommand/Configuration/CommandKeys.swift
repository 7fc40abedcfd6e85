import ArgumentParser
import Configuration
import Foundation

/// The options of a command as the keys of a configuration.
///
/// They are read from the command's own help, so that whatever a command line can say a file can say too, and
/// no second list has to be kept.
enum CommandKeys {
    /// - Throws: a decoding error where the parser's description of itself has changed its form.
    static func keys(of command: any ParsableCommand.Type) throws -> [ConfigurationKey] {
        let help = try JSONDecoder().decode(Help.self, from: Data(command._dumpHelp().utf8))
        return (help.command.arguments ?? []).compactMap(\.key)
    }

    /// `analyze`'s options that say what network is measured and how: not what is looked into besides, nor what is
    /// asserted, nor where results go.
    static func compared() throws -> [ConfigurationKey] {
        let others = [
            OutputOptions.title, MeasureOptions.title, AssertionOptions.title, ModelOptions.title,
        ]
        return try keys(of: AnalyzeCommand.self).filter { !others.contains($0.section) }
    }

    /// The same without weights: results are kept under the words that say what was measured, and a file of that name may
    /// hold others later.
    static func measured() throws -> [ConfigurationKey] {
        try compared().filter { $0.section != WeightsOptions.title }
    }

    /// What the parser says of a command, as far as it is needed here.
    private struct Help: Decodable {
        struct Command: Decodable { var arguments: [Argument]? }
        var command: Command
    }

    private struct Argument: Decodable {
        struct Name: Decodable { var name: String }
        var kind: String
        var isRepeating: Bool
        var preferredName: Name?
        var sectionTitle: String?
        var abstract: String?
        var defaultValue: String?

        /// `nil` for operands, and for what a file cannot sensibly say.
        var key: ConfigurationKey? {
            guard kind != "positional", let name = preferredName?.name,
                !["help", "version", "configuration", "print-configuration"].contains(name)
            else { return nil }
            let arity: ConfigurationKey.Arity = kind == "flag" ? .flag : isRepeating ? .list : .value
            return ConfigurationKey(
                name: name, documentation: abstract ?? "", section: sectionTitle ?? "Options", arity: arity,
                defaultValue: defaultValue)
        }
    }
}
