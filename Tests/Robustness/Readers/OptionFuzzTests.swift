import ArgumentParser
import Configuration
import FuzzSupport
import NumericalMethods
import Testing

@testable import PropagateCommand

/// Command lines: every option of every command with values from the edges, through parsing and validation. Nothing is
/// measured, and no option that names a file is given one.
@Suite struct OptionFuzzTests {
    private static let values = [
        "", "0", "1", "2", "3", "5", "8", "20", "56", "110", "-1", "0.5", "1e18", "1e160", "1e300", "-1e300",
        "1e-300", "nan",
        "inf", "0.1", "4096", "65536", "1000000", "1000000000", "2147483648", "4294967296",
        "9223372036854775807",
        "-9223372036854775808", "18446744073709551615", "18446744073709551616", "1,2", "0-4",
        "0-18446744073709551615",
        "1e300,1e300", "0.5,0.16", "identity", "none", "scale0.5", "scale1e18", "scale1e160", "scale1,1e200",
        "gate-exclusive:-6", "gate-shortcut:1e300", "conv1x1", "dropout0.9999999999999999", "original",
        "bn-after-addition", "full-preact", "basic", "bottleneck", "single", "cifar", "imagenet", "dense",
        "noise", "digits",
        "path-lengths:100000", "jacobian:0-9223372036854775806", "line-correlation:30", "parameter-gradients",
        "loss < 3", "cosine[9223372036854775807] > 0", "double", "inference", "every", "projection", "always",
        "spatial",
        "test", "9223372036854775807,9223372036854775807",
    ]

    private static let commands: [(word: String, operands: [String], command: any ParsableCommand.Type)] = [
        ("analyze", [], AnalyzeCommand.self), ("predict", [], PredictCommand.self),
        ("compare", ["identity", "scale1e160"], CompareCommand.self), ("sweep", [], SweepCommand.self),
        ("conform", [], ConformCommand.self), ("train", [], TrainCommand.self),
        ("verify", [], VerifyCommand.self),
        ("confirm", ["table1"], ConfirmCommand.self),
    ]

    /// Options that name places for files: a random word there would be looked for, or made.
    private static let places: Set<String> = [
        "report", "json", "csv", "run", "resume", "store", "export", "configuration", "from", "tensors",
        "weights",
    ]

    @Test func commandLines() throws {
        let options = try Self.commands.map { entry in
            try CommandKeys.keys(of: entry.command).filter { !Self.places.contains($0.name) }
        }
        struct Refused: Error {}
        try FuzzCampaign("command line", .slow).run(
            corpus: Array(Self.commands.indices),
            describe: { (words: [String]) in Array(words.joined(separator: "\n").utf8) },
            make: { index, stream in
                var words = [Self.commands[index].word] + Self.commands[index].operands
                for _ in 0...stream.integer(below: 4) {
                    let option = options[index][stream.integer(below: options[index].count)]
                    words.append("--\(option.name)")
                    if option.arity != .flag {
                        words.append(Self.values[stream.integer(below: Self.values.count)])
                    }
                }
                return words
            },
            refusals: [Refused.self],
            read: { words in
                do {
                    _ = try PropagateCommand.parseAsRoot(words)
                } catch  where PropagateCommand.exitCode(for: error) == .validationFailure {
                    // The parser's own error, whose type it hides. What a command's check throws besides is none.
                    throw Refused()
                }
            })
    }
}
