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

    @Test func aCampaignCountsWhatIsAcceptedAndWhatIsRefused() {
        struct Refusal: Error {}
        let campaign = FuzzCampaign("first bytes", .dear)
        let tally = campaign.run(corpus: [Array("abc".utf8)]) { input in
            if input.first != UInt8(ascii: "a") { throw Refusal() }
        }
        #expect(tally.inputs == campaign.count)
        #expect(tally.accepted > 0)
        #expect(tally.refused > 0)
    }
}
