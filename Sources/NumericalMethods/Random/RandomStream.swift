internal import CGSL

/// A named, independent stream of random numbers.
///
/// Each use of randomness in a run (one layer's weights, one dropout mask, the
/// batch) opens a stream of its own by name, so what one use draws never shifts
/// what another sees. The generator is Philox4x32-10 (Salmon et al. 2011) keyed
/// by all 64 bits of a hash of `(seed, name)`; the distributions are GSL's. The
/// numbers depend on seed and name alone: not on threads, and not on precision,
/// since a fill of `Float` is the fill of `Double` rounded.
///
/// Non-copyable because it owns the generator's state: two copies would repeat
/// each other. Parameters out of range are programming errors and trap; values
/// that come from a user are to be checked where they enter.
public struct RandomStream: ~Copyable, @unchecked Sendable {
    /// Safe to send: this value is its only owner, and draws need exclusive access.
    let generator: UnsafeMutablePointer<gsl_rng>

    /// The start of the stream `name` of the run `seed`.
    public init(seed: UInt64, name: String) {
        guard let generator = gsl_rng_alloc(cgsl_rng_philox()) else {
            // 300 bytes: the same end as for a Swift allocation that fails.
            preconditionFailure("out of memory for a random generator")
        }
        gsl_rng_set(generator, UInt(StreamKey(seed: seed, name: name).value))
        self.generator = generator
    }

    deinit { gsl_rng_free(generator) }

    /// 64 random bits.
    public mutating func nextBits() -> UInt64 {
        let high = UInt64(gsl_rng_get(generator))
        return high << 32 | UInt64(gsl_rng_get(generator))
    }

    /// A normal number of mean 0.
    public mutating func normal(standardDeviation: Double = 1) -> Double {
        gsl_ran_gaussian_ziggurat(generator, standardDeviation)
    }

    /// A number uniform on `[range.lowerBound, range.upperBound)`, of 53 random bits.
    public mutating func uniform(in range: Range<Double> = 0..<1) -> Double {
        var value = 0.0
        cgsl_fill_uniforms_double(generator, &value, 1, range.lowerBound, range.upperBound)
        return value
    }

    /// An integer uniform on `0 ..< bound`, without bias; `bound` in `1 ... 2³² − 1`.
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound >= 1 && bound <= Int(UInt32.max), "bound \(bound) outside 1 ... 2^32 - 1")
        return Int(gsl_rng_uniform_int(generator, UInt(bound)))
    }

    /// `count` integers uniform on `0 ..< bound`.
    public mutating func integers(_ count: Int, below bound: Int) -> [Int] {
        var drawn = [Int]()
        drawn.reserveCapacity(count)
        for _ in 0..<count { drawn.append(integer(below: bound)) }
        return drawn
    }

    /// `0 ..< count` in random order, all orders equally likely.
    public mutating func permutation(of count: Int) -> [Int] {
        choice(of: count, from: count)
    }

    /// `count` different integers of `0 ..< total` in random order: the head of a
    /// Fisher–Yates shuffle, so a longer choice from the same start begins with a
    /// shorter one.
    public mutating func choice(of count: Int, from total: Int) -> [Int] {
        precondition(count >= 0 && count <= total, "cannot choose \(count) of \(total)")
        var items = Array(0..<total)
        for index in 0..<count {
            items.swapAt(index, index + integer(below: total - index))
        }
        return Array(items.prefix(count))
    }
}
