import Testing

@testable import DataSets

@Suite struct DataProvenanceTests {
    private func images(_ labels: [Int], classes: Int) -> LabelledImages {
        LabelledImages(
            pixels: labels.map { _ in 0 }, shape: ImageShape(channels: 1, height: 1, width: 1),
            labels: labels,
            classCount: classes, name: "dots", attribution: "")
    }

    @Test func aBatchCountsItsClasses() {
        let source = DataProvenance(name: "dots", classes: ["ant", "bee", "cat"])
        let first = source.of(images([0, 0, 2], classes: 3))
        #expect(first.parts == [.init(role: .batch, images: 3, imagesByClass: [2, 0, 1])])
        #expect(first.parts[0].missingClasses == [1])
        var second = source.of(images([1, 1, 2], classes: 3))
        second.turned = 4
        let both = DataProvenance.over(seeds: [first, second])
        #expect(both?.parts == [.init(role: .batch, images: 3, imagesByClass: [2, 2, 2])])
        #expect(both?.turned == 4, "what decoding met is known at the end")
        #expect(DataProvenance.over(seeds: []) == nil)
    }

    @Test func whatNetworksShareIsTold() {
        let source = DataProvenance(name: "dots", classes: ["ant", "bee"])
        let (small, large) = (source.of(images([0], classes: 2)), source.of(images([0, 1], classes: 2)))
        #expect(DataProvenance.shared(by: [small, small]) == small)
        #expect(DataProvenance.shared(by: [small, large])?.parts == [])
        #expect(DataProvenance.shared(by: []) == nil)
        var (first, second) = (small, DataProvenance(name: "other", classes: ["cat"]))
        first.undecodable = ["ant/b.png", "ant/a.png"]
        (second.undecodable, second.withStrayBytes) = (["cat/c.png"], ["cat/d.jpg"])
        let both = DataProvenance.shared(by: [first, second, first])
        #expect(both?.name == "dots and other")
        #expect(both?.classes == [] && both?.parts == [])
        #expect(both?.undecodable == ["ant/a.png", "ant/b.png", "cat/c.png"], "whatever any has left out")
        #expect(both?.withStrayBytes == ["cat/d.jpg"])
        second.undecodable = nil
        #expect(DataProvenance.shared(by: [first, second])?.undecodable == nil, "not known of one")
    }

    @Test func sourcesTellTheirConstants() throws {
        let digits = try #require(Digits().provenance().normalization)
        // The mean of the set as it is stored; enlarging keeps it but for the edges.
        #expect(abs(digits.mean[0] - 4.88) < 0.1 && digits.isMeasured && digits.mean.count == 3)
        let set = try TrainingSet.digits(side: 8)
        #expect(set.provenance.parts.map(\.images) == [1437, 360])
        #expect(set.provenance.normalization?.origin == "measured on the training images")
        #expect(try NoiseImages().provenance().normalization == nil)
        #expect(try NoiseImages(classCount: 3).provenance().classes == ["0", "1", "2"])
    }
}
