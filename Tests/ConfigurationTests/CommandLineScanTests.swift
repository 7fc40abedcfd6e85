import Configuration
import Testing

struct CommandLineScanTests {
    @Test("Options and operands come apart, in both spellings")
    func parts() throws {
        let scan = try CommandLineScan(
            ["identity", "--depth", "56", "--quiet", "scale0.5", "--shortcut=a=b", "--data", "--depth"],
            keys: Keys.all)
        #expect(scan.operands == ["identity", "scale0.5"])
        #expect(
            scan.configuration.words == ["--depth=56", "--quiet", "--shortcut=a=b", "--data=--depth"])
    }

    static let refusals: [(words: [String], sentence: String)] = [
        (["--dept", "5"], "Unknown option '--dept'. Did you mean '--depth'?"),
        (["--xyzzy"], "Unknown option '--xyzzy'."), (["--depth"], "Missing value for '--depth'."),
        (["--quiet=true"], "The flag '--quiet' takes no value."),
    ]

    @Test("Words that say nothing are refused", arguments: refusals)
    func refusal(words: [String], sentence: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try CommandLineScan(words, keys: Keys.all)
        }
        #expect(error?.description == sentence)
        #expect(error?.isOfFile == false)
    }
}
