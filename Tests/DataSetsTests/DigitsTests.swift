import Testing

@testable import DataSets

@Suite struct DigitsTests {
    let digits = Digits()

    /// Facts about the set as scikit-learn documents it and NumPy sums it: class
    /// sizes, the sum of all pixels, the first image's first rows.
    @Test func isTheSetItSaysItIs() {
        let all = digits.originals(at: Array(0..<Digits.count))
        #expect(all.count == 1797)
        #expect(all.shape == ImageShape(channels: 1, height: 8, width: 8))
        let sizes = all.labels.reduce(into: [Int](repeating: 0, count: 10)) { $0[$1] += 1 }
        #expect(sizes == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
        #expect(all.pixels.reduce(0.0) { $0 + Double($1) } == 561_718)
        #expect(all.pixels.min() == 0 && all.pixels.max() == 16)
        #expect(Array(all.pixels.prefix(16)) == [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0])
        #expect(all.attribution.contains("Alpaydin") && all.attribution.contains("CC BY 4.0"))
    }

    /// The moments come from sums over the 8 × 8 originals; here over every
    /// enlarged value. Float pixels summed in Double: rounding near 1e-7 each.
    @Test func wholeSetHasMeanZeroAndDeviationOne() {
        let all = digits.images(at: Array(0..<Digits.count)).pixels
        let count = Double(all.count)
        let mean = all.reduce(0.0) { $0 + Double($1) } / count
        let square = all.reduce(0.0) { $0 + Double($1) * Double($1) } / count
        #expect(abs(mean) < 1e-6)
        #expect(abs(square - 1) < 1e-6)
    }

    @Test func batchesAreDeterministicAndNested() throws {
        let batch = try digits.batch(size: 16, seed: 0)
        #expect(batch.count == 16)
        #expect(batch.pixels.count == 16 * 3 * 32 * 32)
        #expect(batch == (try digits.batch(size: 16, seed: 0)))
        #expect(batch != (try digits.batch(size: 16, seed: 1)))
        let larger = try digits.batch(size: 40, seed: 0)
        #expect(Array(larger.labels.prefix(16)) == batch.labels)
        #expect(Array(larger.pixels.prefix(batch.pixels.count)) == batch.pixels)
    }

    @Test func channelsAreEqual() throws {
        let batch = try digits.batch(size: 2, seed: 3)
        for image in 0..<2 {
            let planes = (0..<3).map { channel in
                Array(batch.pixels[(image * 3 + channel) * 1024..<(image * 3 + channel + 1) * 1024])
            }
            #expect(planes[0] == planes[1] && planes[1] == planes[2])
        }
    }

    @Test func impossibleSizesAreRefused() throws {
        #expect(throws: DataSetError.batchTooSmall(0)) { try digits.batch(size: 0, seed: 0) }
        #expect(throws: DataSetError.batchTooLarge(1798, source: digits.name, available: 1797)) {
            try digits.batch(size: 1798, seed: 0)
        }
        #expect(try digits.batch(size: 1797, seed: 0).count == 1797)
    }
}
