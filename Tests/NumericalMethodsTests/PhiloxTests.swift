import CGSL
import Testing

/// Known answers published with the authors' Random123 library (`kat_vectors`,
/// lines "philox4x32 10").
@Suite struct PhiloxTests {
    struct KnownAnswer: Sendable {
        let counter: [UInt32]
        let key: [UInt32]
        let words: [UInt32]
    }

    static let published = [
        KnownAnswer(
            counter: [0, 0, 0, 0], key: [0, 0],
            words: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        KnownAnswer(
            counter: Array(repeating: 0xffff_ffff, count: 4), key: Array(repeating: 0xffff_ffff, count: 2),
            words: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
        // Digits of pi.
        KnownAnswer(
            counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: [0xa409_3822, 0x299f_31d0],
            words: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
    ]

    @Test(arguments: published) func block(_ known: KnownAnswer) {
        var words = [UInt32](repeating: 0, count: 4)
        cgsl_philox4x32_10(known.counter, known.key, &words)
        #expect(words == known.words)
    }

    /// The generator hands out block 0, 1, 2 … in order, across its internal
    /// buffer's edges, under a key whose two halves differ.
    @Test func generatorIsTheSequenceOfBlocks() {
        let key: UInt64 = 0x299f_31d0_a409_3822
        let generator = gsl_rng_alloc(cgsl_rng_philox())
        defer { gsl_rng_free(generator) }
        gsl_rng_set(generator, UInt(key))
        for block in 0..<100 as Range<UInt32> {
            var words = [UInt32](repeating: 0, count: 4)
            cgsl_philox4x32_10([block, 0, 0, 0], [0xa409_3822, 0x299f_31d0], &words)
            for word in words { #expect(gsl_rng_get(generator) == UInt(word)) }
        }
    }

    /// Words in bulk and one at a time are one sequence, whatever the portions.
    @Test func bulkWordsContinueTheSequence() {
        let (single, bulk) = (gsl_rng_alloc(cgsl_rng_philox()), gsl_rng_alloc(cgsl_rng_philox()))
        defer { [single, bulk].forEach(gsl_rng_free) }
        for portion in [0, 1, 3, 63, 64, 65, 200, 7] {
            var words = [UInt32](repeating: 0, count: portion)
            cgsl_philox_words(bulk, &words, portion)
            for word in words { #expect(gsl_rng_get(single) == UInt(word)) }
            #expect(gsl_rng_get(single) == gsl_rng_get(bulk))
        }
    }
}
