import Testing

@testable import ONNX

struct HalfPrecisionTests {
    @Test("Every number of 16 bits is itself after widening and rounding")
    func allNumbers() {
        for bits in UInt16.min ... .max {
            for (format, infinity) in [(HalfPrecision.float16, 0x7C00 as UInt16), (.bfloat16, 0x7F80)] {
                let widened = format.widened(bits)
                if bits & 0x7FFF > infinity {
                    #expect(widened.isNaN)
                    #expect(format.widened(format.rounded(Double(widened))).isNaN)
                } else {
                    #expect(format.rounded(Double(widened)) == bits, "\(bits)")
                }
            }
        }
    }

    // `Float16` is the language's own; there is none on Intel's Macs.
    #if !(os(macOS) && arch(x86_64))
        @Test("Half precision is the language's, halfway cases and their neighbours included")
        func languageHalf() {
            for bits in (0 as UInt16)..<0x7C00 {
                let (number, next) = (Float16(bitPattern: bits), Float16(bitPattern: bits + 1))
                #expect(HalfPrecision.float16.widened(bits) == Float(number))
                guard next.isFinite else { continue }
                let half = (Double(number) + Double(next)) / 2
                for value in [half, half.nextUp, half.nextDown, -half] {
                    #expect(HalfPrecision.float16.rounded(value) == Float16(value).bitPattern, "\(value)")
                }
            }
        }
    #endif

    @Test("bfloat16 is the upper half of a Float, rounded to the nearest")
    func brains() {
        for bits in stride(from: 0 as UInt32, to: 0x7F80_0000, by: 0x1235) {
            let value = Double(Float(bitPattern: bits))
            // Half a unit less a bit, and one more where the last bit is 1.
            let nearest = (bits + 0x7FFF + (bits >> 16) & 1) >> 16
            #expect(UInt32(HalfPrecision.bfloat16.rounded(value)) == nearest, "\(bits)")
            #expect(
                HalfPrecision.bfloat16.widened(UInt16(bits >> 16)) == Float(bitPattern: bits & 0xFFFF_0000))
        }
    }

    @Test("What is too large is infinite, and what is too small is 0")
    func ends() {
        // 65520 lies halfway between the greatest number and what would follow.
        #expect(HalfPrecision.float16.rounded(65520) == 0x7C00)
        #expect(HalfPrecision.float16.rounded(65519.9) == 0x7BFF)
        #expect(HalfPrecision.float16.rounded(-1e300) == 0xFC00)
        #expect(HalfPrecision.float16.rounded(0x1p-25) == 0)
        #expect(HalfPrecision.float16.rounded(0x1.1p-25) == 1)
        #expect(HalfPrecision.float16.rounded(-0x1p-1074) == 0x8000)
        #expect(HalfPrecision.bfloat16.rounded(.infinity) == 0x7F80)
        #expect(HalfPrecision.bfloat16.rounded(Double.greatestFiniteMagnitude) == 0x7F80)
    }
}
