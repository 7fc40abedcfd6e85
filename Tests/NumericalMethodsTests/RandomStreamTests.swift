import Testing

@testable import NumericalMethods

@Suite struct RandomStreamTests {
    static func normals<Scalar: BinaryFloatingPoint>(
        _ type: Scalar.Type, _ count: Int, seed: UInt64 = 1, name: String = "test", deviation: Double = 1
    ) -> [Scalar] {
        var stream = RandomStream(seed: seed, name: name)
        return [Scalar](unsafeUninitializedCapacity: count) { buffer, filled in
            stream.fillNormals(
                UnsafeMutableBufferPointer(rebasing: buffer[..<count]), standardDeviation: deviation)
            filled = count
        }
    }

    // Standard values of the two hashes: FNV-1a of "a" (Noll's test vectors) and
    // the first output of splitmix64 seeded with 0.
    @Test func hashesMatchPublishedValues() {
        #expect(StreamKey.fnv1a("a") == 0xaf63_dc4c_8601_ec8c)
        #expect(SplitMix64.mixed(0x9E37_79B9_7F4A_7C15) == 0xe220_a839_7b1d_cdaf)
    }

    @Test func seedsAndNamesOpenDifferentStreams() {
        var keys: Set<UInt64> = []
        for seed in 0..<200 as Range<UInt64> {
            for name in 0..<50 { keys.insert(StreamKey(seed: seed, name: "units.\(name)").value) }
        }
        // High seed bits count too: a seed cut to 32 bits would collapse these.
        for bit in 8..<64 { keys.insert(StreamKey(seed: 1 << UInt64(bit), name: "units.0").value) }
        #expect(keys.count == 200 * 50 + 56)
    }

    /// Stored runs must stay repeatable: a change of these numbers is a change of
    /// every network. They were made by this code on its first day.
    @Test func firstNumbersStayWhatTheyWere() {
        var stream = RandomStream(seed: 0, name: "stem.conv.weight")
        #expect(stream.nextBits() == 1_851_431_460_283_606_652)
        #expect(stream.uniform() == 0.08191418321843091)
        #expect(stream.normal() == 0.543149300642282)
        #expect(stream.integers(4, below: 10) == [7, 2, 5, 0])
        #expect(stream.permutation(of: 5) == [1, 2, 4, 0, 3])
    }

    @Test func sameSeedAndNameRepeat() {
        #expect(Self.normals(Double.self, 1000) == Self.normals(Double.self, 1000))
        #expect(Self.normals(Double.self, 1000) != Self.normals(Double.self, 1000, seed: 2))
        #expect(Self.normals(Double.self, 1000) != Self.normals(Double.self, 1000, name: "other"))
    }

    @Test func floatFillIsDoubleFillRounded() {
        let double = Self.normals(Double.self, 10_000, deviation: 0.05)
        #expect(Self.normals(Float.self, 10_000, deviation: 0.05) == double.map { Float($0) })
        // A precision without a C loop of its own: Float16 on the CPUs that have it.
        #expect(Self.normals(Float16.self, 100, deviation: 0.05) == double.prefix(100).map { Float16($0) })
    }

    /// Moments 1 to 4 of a million normals. The standard errors are 1e-3 times
    /// 1, √2, √15 and √96; five of them leave a failure rate below 1e-6.
    @Test func normalsHaveTheirMoments() {
        let count = 1_000_000
        let values = Self.normals(Double.self, count, deviation: 3).map { $0 / 3 }
        func moment(_ power: Int) -> Double {
            values.reduce(0) { sum, value in
                sum + (0..<power).reduce(1) { product, _ in product * value }
            } / Double(count)
        }
        #expect(abs(moment(1)) < 5e-3)
        #expect(abs(moment(2) - 1) < 5e-3 * 1.4143)
        #expect(abs(moment(3)) < 5e-3 * 3.873)
        #expect(abs(moment(4) - 3) < 5e-3 * 9.798)
    }

    @Test func uniformsStayInTheirRange() {
        var stream = RandomStream(seed: 3, name: "uniform")
        var values = [Float](repeating: .nan, count: 100_000)
        values.withUnsafeMutableBufferPointer { stream.fillUniforms($0, in: -2..<1) }
        #expect(values.allSatisfy { $0 >= -2 && $0 < 1 })
        // Standard error of the mean: 3/√12/√100000 = 2.7e-3; five of them.
        #expect(abs(values.reduce(0) { $0 + Double($1) } / 100_000 + 0.5) < 1.4e-2)
    }

    @Test(arguments: [0.0, 0.25, 0.5, 1.0]) func masksKeepTheirShare(dropProbability: Double) {
        let count = 100_000
        var stream = RandomStream(seed: 4, name: "mask")
        var mask = [Float](repeating: .nan, count: count)
        mask.withUnsafeMutableBufferPointer { stream.fillMask($0, dropProbability: dropProbability) }
        #expect(mask.allSatisfy { $0 == 0 || $0 == 1 })
        var again = RandomStream(seed: 4, name: "mask")
        var double = [Double](repeating: .nan, count: count)
        double.withUnsafeMutableBufferPointer { again.fillMask($0, dropProbability: dropProbability) }
        #expect(double == mask.map(Double.init))
        let kept = Double(mask.reduce(0, +)) / Double(count)
        // Standard error at most 0.5/√100000 = 1.6e-3; five of them. Exact at 0 and 1.
        let tolerance = dropProbability == 0 || dropProbability == 1 ? 0 : 8e-3
        #expect(abs(kept - (1 - dropProbability)) <= tolerance)
    }

    @Test func choicesAreDifferentIntegersInRange() {
        var stream = RandomStream(seed: 5, name: "choice")
        let chosen = stream.choice(of: 500, from: 1797)
        #expect(Set(chosen).count == 500)
        #expect(chosen.allSatisfy { (0..<1797).contains($0) })
        #expect(stream.permutation(of: 300).sorted() == Array(0..<300))
        #expect(stream.choice(of: 0, from: 0).isEmpty)
    }

    @Test func aLongerChoiceBeginsWithAShorterOne() {
        var short = RandomStream(seed: 6, name: "choice")
        var long = RandomStream(seed: 6, name: "choice")
        let few = short.choice(of: 16, from: 1000)
        #expect(Array(long.choice(of: 128, from: 1000).prefix(16)) == few)
    }

    /// All 24 orders of four, each expected 1000 times of 24,000 with a standard
    /// deviation of 31; five of them.
    @Test func permutationsAreEquallyLikely() {
        var stream = RandomStream(seed: 7, name: "permutation")
        var counts: [[Int]: Int] = [:]
        for _ in 0..<24_000 { counts[stream.permutation(of: 4), default: 0] += 1 }
        #expect(counts.count == 24)
        #expect(counts.values.allSatisfy { abs($0 - 1000) < 155 })
    }

    @Test func emptyBuffersAreFine() {
        var stream = RandomStream(seed: 8, name: "empty")
        stream.fillNormals(UnsafeMutableBufferPointer<Float>(start: nil, count: 0), standardDeviation: 1)
    }
}
