import Analysis
import Configuration
import Expressions
import FuzzSupport
import ResidualNetworks
import Testing

@testable import PropagateCommand

/// Words of the command line that have an inner form.
@Suite struct WordFuzzTests {
    private static let numbers = [
        "0", "-0", "0.5", ".5", "0,5", "1e18", "1e160", "1e-170", "1e308", "1e999", "-1e308", "nan", "inf",
        "0x1p4",
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", ",",
        "-", ":", ".",
        "+", "\u{0301}", "٣", "🙂", "\0",
    ].map { Array($0.utf8) }

    private static func bytes(_ words: [String]) -> [[UInt8]] { words.map { Array($0.utf8) } }

    @Test func shortcuts() throws {
        let corpus = Self.bytes([
            "identity", "none", "scale0.5", "scale0.5,0.5", "scale0.0,5", "gate-exclusive:-6",
            "gate-shortcut:0", "conv1x1",
            "dropout0.5", "expr: 0.9*x + 0.1*tanh(x)", "expr: max(x, (1 - l/L)*x)",
        ])
        try FuzzCampaign("shortcut", .cheap).run(
            corpus: corpus, dictionary: Self.numbers + corpus,
            refusals: [VocabularyError.self, SyntaxError.self]
        ) { bytes in
            let shortcut = try ShortcutVocabulary.paper.shortcut(for: String(decoding: bytes, as: UTF8.self))
            // The name that reports give it names the same shortcut.
            #expect(try ShortcutVocabulary.paper.shortcut(for: shortcut.name).name == shortcut.name)
        }
    }

    @Test func measurements() throws {
        let corpus = Self.bytes([
            "path-lengths", "path-lengths:10", "jacobian:0-54", "line-correlation:5",
            "cancellation,correlation",
            "parameter-gradients",
        ])
        try FuzzCampaign("measurement", .cheap).run(
            corpus: corpus, dictionary: Self.numbers + corpus, refusals: [VocabularyError.self]
        ) { bytes in
            _ = try MeasurementVocabulary.requests(in: String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func axes() throws {
        let corpus = Self.bytes([
            "20,56,110", "0-4", "identity,scale0.5,0.5,none", "gate-exclusive:-6,gate-shortcut:0", "3-3",
            "expr: max(x, 0.1*x),identity",
        ])
        try FuzzCampaign("sweep axis", .moderate).run(
            corpus: corpus, dictionary: Self.numbers + corpus, refusals: [SweepError.self]
        ) { bytes in
            let axis = try SweepAxis(name: "x", words: [String(decoding: bytes, as: UTF8.self)])
            #expect(Set(axis.values).count == axis.values.count)
        }
    }

    @Test func networks() throws {
        let keys = try CommandKeys.measured()
        let corpus = Self.bytes([
            "56", "original", "single", "scale0.5,0.5", "gate-exclusive:-6", "batch=32", "data=noise",
        ])
        try FuzzCampaign("network of a comparison", .moderate).run(
            corpus: corpus, dictionary: Self.numbers,
            refusals: [SpecificationError.self, VocabularyError.self, ConfigurationError.self]
        ) { bytes in
            _ = try NetworkSpecification.settings(of: String(decoding: bytes, as: UTF8.self), keys: keys)
        }
    }

    @Test func moments() throws {
        let corpus = Self.bytes(["0.5,0.16", "0.5,0.16,0.2"])
        struct Refused: Error {}
        try FuzzCampaign("moments of x_0", .cheap).run(
            corpus: corpus, dictionary: Self.numbers, refusals: [Refused.self]
        ) { bytes in
            guard let moments = StatedMoments(argument: String(decoding: bytes, as: UTF8.self)) else {
                throw Refused()
            }
            let statistics = moments.statistics
            #expect((0...statistics.meanSquare).contains(statistics.channelMeanSquare))
        }
    }
}
