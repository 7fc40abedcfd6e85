/// The 64-bit generator key of a named stream.
///
/// FNV-1a of the name's UTF-8 bytes, joined with the seed between two passes of
/// the splitmix64 finaliser. Both steps that the seed goes through are bijections,
/// so for one name two seeds never share a stream.
struct StreamKey: Equatable {
    let value: UInt64

    init(seed: UInt64, name: String) {
        value = SplitMix64.mixed(SplitMix64.mixed(seed &+ SplitMix64.increment) ^ Self.fnv1a(name))
    }

    /// FNV-1a, 64 bits.
    static func fnv1a(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
    }
}
