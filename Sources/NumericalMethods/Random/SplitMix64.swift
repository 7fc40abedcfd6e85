/// The generator splitmix64 (Steele, Lea, Flood 2014): 64 bits of state that grow by a constant, each mixed to an output.
///
/// A few lines in any language give the same numbers. For draws of a run, streams by name are there (`RandomStream`).
public struct SplitMix64: RandomNumberGenerator, Sendable {
    @usableFromInline var state: UInt64

    public init(seed: UInt64) { state = seed }

    @inlinable
    public mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mixed(state)
    }

    /// 2⁶⁴ over the golden ratio, made odd.
    @usableFromInline static var increment: UInt64 { 0x9E37_79B9_7F4A_7C15 }

    /// The finaliser, a bijection: every output bit depends on every input bit.
    @inlinable
    static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
