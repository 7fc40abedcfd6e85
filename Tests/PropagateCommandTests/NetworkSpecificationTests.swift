import Configuration
import Testing

@testable import PropagateCommand

struct NetworkSpecificationTests {
    static let meanings: [(word: String, setting: String)] = [
        ("56", "--depth=56"), ("-3", "--depth=-3"), ("original", "--unit=original"),
        ("full-preact", "--unit=full-preact"), ("single", "--block=single"), ("none", "--shortcut=none"),
        ("scale0.5,0.5", "--shortcut=scale0.5,0.5"), ("gate-exclusive:-6", "--shortcut=gate-exclusive:-6"),
        ("batch=32", "--batch=32"), ("data=cifar10:a/b", "--data=cifar10:a/b"),
    ]

    @Test("A word names what sets a network apart", arguments: meanings)
    func meaning(word: String, setting: String) throws {
        let found = try NetworkSpecification.settings(of: word, keys: try CommandKeys.measured())
        #expect(found.words == [setting])
    }

    @Test("A misspelt word is answered with the closest one")
    func misspelt() throws {
        let error = #expect(throws: SpecificationError.self) {
            try NetworkSpecification.settings(of: "orignal", keys: try CommandKeys.measured())
        }
        #expect(error?.description.hasPrefix("“orignal” names no network; did you mean original?") == true)
    }

    @Test("A shortcut with a wrong number is told what it needs")
    func argument() throws {
        #expect(throws: (any Error).self) {
            try NetworkSpecification.settings(of: "scalex", keys: try CommandKeys.measured())
        }
    }
}
