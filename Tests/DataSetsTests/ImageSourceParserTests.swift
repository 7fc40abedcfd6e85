import Testing

@testable import DataSets

@Suite struct ImageSourceParserTests {
    @Test func knownWordsMakeTheirSource() throws {
        #expect(try ImageSourceParser.parse("digits") is Digits)
        #expect(try ImageSourceParser.parse("noise") is NoiseImages)
        #expect(
            ImageSourceParser.knownForms == ["digits", "noise", "cifar10:DIR", "cifar100:DIR", "folder:DIR"])
    }

    @Test func noiseDrawsLabelsOfTheClassesAskedFor() throws {
        let labels = try ImageSourceParser.parse("noise", classes: 3).batch(size: 64, seed: 1).labels
        // A class is missing from 64 draws of 3 with a probability of 3·(2/3)^64 ≈ 1e−11.
        #expect(Set(labels) == [0, 1, 2])
        #expect(try ImageSourceParser.parse("digits", classes: 3).classCount == 10)
    }

    @Test func directoriesMayContainColons() {
        #expect(throws: DataSetError.directoryMissing("/no:where")) {
            try ImageSourceParser.parse("cifar10:/no:where")
        }
    }

    @Test func mistakesAreExplained() throws {
        let error = try #require(throws: DataSetError.self) { try ImageSourceParser.parse("digts") }
        #expect(
            error.description
                == "Unknown data “digts”; did you mean digits? Known are: digits, noise, cifar10:DIR, cifar100:DIR, folder:DIR."
        )
        #expect(
            throws: DataSetError.unknownSource(
                "cfar100:/x", known: ImageSourceParser.knownForms, closest: "cifar100:DIR")
        ) { try ImageSourceParser.parse("cfar100:/x") }
        #expect(throws: DataSetError.unknownSource("", known: ImageSourceParser.knownForms, closest: nil)) {
            try ImageSourceParser.parse("")
        }
        #expect(throws: DataSetError.directoryNotGiven("cifar10")) { try ImageSourceParser.parse("cifar10") }
        #expect(throws: DataSetError.directoryNotGiven("cifar100")) {
            try ImageSourceParser.parse("cifar100:")
        }
        #expect(throws: DataSetError.unexpectedArgument("digits", argument: "x")) {
            try ImageSourceParser.parse("digits:x")
        }
    }
}
