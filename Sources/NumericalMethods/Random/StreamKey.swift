/// The 64-bit generator key of a named stream.
///
/// FNV-1a of the name's UTF-8 bytes, joined with the seed between two passes of
/// the splitmix64 finaliser (Steele, Lea, Flood 2014). Both steps that the seed
/// goes through are bijections, so for one name two seeds never share a stream.
struct StreamKey: Equatable {
    let value: UInt64

    init(seed: UInt64, name: String) {
        value = Self.mixed(Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15) ^ Self.fnv1a(name))
    }

    /// FNV-1a, 64 bits.
    static func fnv1a(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
    }

    /// The finaliser of splitmix64: every output bit depends on every input bit.
    static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
