import Foundation
import FuzzSupport
import NumericalMethods
import Testing

@Suite struct MutationTests {
    @Test func inputsFollowFromTheirSeedAlone() {
        let mutation = Mutation(dictionary: [Array("word".utf8)], corpus: [Array("other".utf8)])
        func input(_ name: String) -> [UInt8] {
            var stream = RandomStream(seed: 3, name: name)
            return mutation.mutated(Array("some good input".utf8), &stream)
        }
        let inputs = (0..<200).map { input("\($0)") }
        #expect(inputs == (0..<200).map { input("\($0)") })
        // Eight kinds of change at random places: hardly two inputs are alike.
        #expect(Set(inputs).count > 150)
    }

    @Test func aCampaignCountsWhatIsAcceptedAndWhatIsRefused() throws {
        struct Refusal: Error {}
        let campaign = FuzzCampaign("first bytes", .dear)
        let tally = try campaign.run(corpus: [Array("abc".utf8)], refusals: [Refusal.self]) { input in
            if input.first != UInt8(ascii: "a") { throw Refusal() }
        }
        #expect(tally.inputs == campaign.count)
        #expect(tally.accepted > 0)
        #expect(tally.refused > 0)
    }

    @Test func anErrorThatIsNoRefusalIsAFault() throws {
        struct Refusal: Error {}
        struct Other: Error {}
        let fault = try #require(throws: FuzzCampaign.UnexpectedError.self) {
            try FuzzCampaign("other errors", .slow).run(
                corpus: [Array("abc".utf8)], refusals: [Refusal.self], { _ in throw Other() })
        }
        #expect(fault.index == 0 && fault.error is Other)
        #expect(FileManager.default.fileExists(atPath: fault.path), "the input is kept")
        try FileManager.default.removeItem(atPath: fault.path)
    }
}
