/// Binary floating point of 16 bits.
struct HalfPrecision: Sendable {
    /// Bits behind the point.
    private let significandBits: Int
    /// Of the smallest normal number.
    private let leastExponent: Int
    private let infinity: UInt16
    /// How much farther up the exponents of `Float` begin.
    private let scale: Float

    /// IEEE 754 binary16.
    static let float16 = HalfPrecision(significandBits: 10, leastExponent: -14)
    /// The upper half of a `Float`.
    static let bfloat16 = HalfPrecision(significandBits: 7, leastExponent: -126)

    private init(significandBits: Int, leastExponent: Int) {
        self.significandBits = significandBits
        self.leastExponent = leastExponent
        infinity = (0x7FFF >> UInt16(significandBits)) << UInt16(significandBits)
        scale = Float(
            sign: .plus, exponent: leastExponent - Float.leastNormalMagnitude.exponent, significand: 1)
    }

    /// Exactly.
    @inline(__always)
    func widened(_ bits: UInt16) -> Float {
        let magnitude = bits & 0x7FFF
        let shifted = UInt32(magnitude) << UInt32(Float.significandBitCount - significandBits)
        // Numbers below the normal ones come right too: both types count them alike.
        let value =
            magnitude < infinity
            ? Float(bitPattern: shifted) * scale : Float(bitPattern: shifted | Float.infinity.bitPattern)
        return bits < 0x8000 ? value : -value
    }

    /// The nearest, of two as near the one whose last bit is 0.
    func rounded(_ value: Double) -> UInt16 {
        let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
        guard !value.isNaN else { return sign | infinity | 1 << UInt16(significandBits - 1) }
        let exponent = value == 0 ? leastExponent : max(leastExponent, Int(clamping: value.exponent))
        guard exponent <= Float.greatestFiniteMagnitude.exponent else { return sign | infinity }
        let unit = Double(sign: .plus, exponent: exponent - significandBits, significand: 1)
        // With the bit before the point, which numbers below the normal ones have not; a carry goes to the exponent.
        let steps = Int((value.magnitude / unit).rounded(.toNearestOrEven))
        let magnitude = ((exponent - leastExponent) << significandBits) + steps
        return sign | UInt16(min(magnitude, Int(infinity)))
    }
}
