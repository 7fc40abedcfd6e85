import ImageFixtures
import NumericalMethods
import Testing

@testable import DataSets

/// Samples are taken as they are stored. Files are put together by hand, and what they decode to follows from the
/// standard.
@Suite struct PNGSamplesTests {
    private func pixels(_ file: PNGFile) throws -> [UInt8] {
        try ImageFile.decoded(file.bytes, named: "a.png").image.pixels
    }

    /// What a channel's sample is in 8 bits: 255 shares of the greatest, or the upper half of 16 bits.
    private static func byte(_ sample: UInt16, depth: Int) -> UInt8 {
        depth == 16 ? UInt8(sample >> 8) : UInt8(Int(sample) * 255 / (1 << depth - 1))
    }

    /// A layer over white, rounded to nearest.
    private static func onWhite(_ value: UInt8, alpha: UInt8) -> UInt8 {
        let (value, alpha) = (Int(value), Int(alpha))
        return UInt8((value * alpha + 255 * (255 - alpha) + 127) / 255)
    }

    private static func samples(_ count: Int, depth: Int, _ stream: inout RandomStream) -> [UInt16] {
        (0..<count).map { _ in UInt16(stream.integer(below: 1 << depth)) }
    }

    /// The same picture in 8 and in 16 bits: every v and 257·v.
    @Test(arguments: [PNGFile.Color.grey, .rgb, .greyAndAlpha, .rgba], [false, true])
    func sixteenBitsAreEightBits(color: PNGFile.Color, isInterlaced: Bool) throws {
        let hasAlpha = color.channels.isMultiple(of: 2)
        let samples = (0..<(256 * color.channels)).map { index in
            let isAlpha = hasAlpha && index % color.channels == color.channels - 1
            return isAlpha ? 255 : UInt16((index + index / color.channels) % 256)
        }
        var narrow = PNGFile(width: 16, height: 16, color: color, depth: 8, samples: samples)
        var wide = PNGFile(width: 16, height: 16, color: color, depth: 16, samples: samples.map { 257 * $0 })
        (narrow.isInterlaced, wide.isInterlaced) = (isInterlaced, isInterlaced)
        let colors = color.channels - (hasAlpha ? 1 : 0)
        let expected = (0..<256).flatMap { pixel in
            (0..<3).map { UInt8(samples[pixel * color.channels + (colors == 1 ? 0 : $0)]) }
        }
        #expect(try pixels(narrow) == expected)
        #expect(try pixels(wide) == expected)
    }

    /// Of 16 bits the upper 8 are taken, whatever the lower are.
    @Test func lowerBitsAreDropped() throws {
        let samples: [UInt16] = [0, 255, 256, 0x7FFF, 0x8000, 0x80FF, 0xFF00, 0xFFFF]
        let file = PNGFile(width: 8, height: 1, color: .grey, depth: 16, samples: samples)
        #expect(try pixels(file) == [0, 0, 1, 0x7F, 0x80, 0x80, 0xFF, 0xFF].flatMap { [$0, $0, $0] })
    }

    @Test(arguments: PNGFile.Color.allCases, [1, 2, 3, 4])
    func whatIsSaidOfColourChangesNothing(color: PNGFile.Color, seed: UInt64) throws {
        var stream = RandomStream(seed: seed, name: "colour")
        for depth in color.depths {
            var file = PNGFile(
                width: 9, height: 7, color: color, depth: depth,
                samples: Self.samples(63 * color.channels, depth: depth, &stream))
            let palette = (0..<(3 << depth)).map { _ in UInt8(stream.integer(below: 256)) }
            let needed = color == .palette ? [(name: "PLTE", contents: palette)] : []
            file.chunks = needed
            let plain = try pixels(file)
            // 1/2.2 and 1, in 100,000ths; perceptual intent; a white point and primaries that no display has.
            let gammas: [[UInt8]] = [[0, 0, 0xB1, 0x8F], [0, 1, 0x86, 0xA0]]
            let primaries = [UInt8]((0..<8).map { [0, 0, 0x40, UInt8(16 * $0)] }.joined())
            let sayings: [[(name: String, contents: [UInt8])]] = [
                [(name: "gAMA", contents: gammas[0])], [(name: "gAMA", contents: gammas[1])],
                [(name: "sRGB", contents: [0])], [(name: "cHRM", contents: primaries)],
                [(name: "gAMA", contents: gammas[0]), (name: "cHRM", contents: primaries)],
                [(name: "iCCP", contents: Array("profile".utf8) + [0, 0, 1, 2, 3])],
                [
                    (
                        name: "sBIT",
                        contents: [UInt8](repeating: 1, count: color == .palette ? 3 : color.channels)
                    )
                ],
                [(name: "pHYs", contents: [0, 0, 0, 1, 0, 0, 0, 2, 1])],
            ]
            for said in sayings {
                file.chunks = said + needed
                #expect(try pixels(file) == plain, "\(said.map(\.name)) in \(depth) bits, seed \(seed)")
            }
        }
    }

    /// Every kind of image that there is, of extents whose rows end within a byte, transparent colours included.
    @Test(arguments: PNGFile.Color.allCases, [false, true])
    func everyKindIsExpanded(color: PNGFile.Color, isInterlaced: Bool) throws {
        var stream = RandomStream(seed: 5, name: "kinds")
        for (width, height) in [(1, 1), (3, 5), (9, 8), (13, 21)] {
            for depth in color.depths {
                let count = width * height
                var file = PNGFile(
                    width: width, height: height, color: color, depth: depth,
                    samples: Self.samples(count * color.channels, depth: depth, &stream))
                file.isInterlaced = isInterlaced
                let palette = (0..<(3 << depth)).map { _ in UInt8(stream.integer(below: 256)) }
                let shades = (0..<(1 << depth)).map { _ in UInt8(stream.integer(below: 256)) }
                let clear = file.samples.prefix(color.channels)
                for isTransparent in [false, true] {
                    file.chunks = color == .palette ? [("PLTE", palette)] : []
                    if isTransparent {
                        let contents =
                            color == .palette
                            ? shades : clear.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
                        // A key or table for images that have no alpha.
                        guard [.grey, .rgb, .palette].contains(color) else { continue }
                        file.chunks.append(("tRNS", contents))
                    }
                    let expected = (0..<count).flatMap { pixel -> [UInt8] in
                        let own = Array(
                            file.samples[(pixel * color.channels)..<((pixel + 1) * color.channels)])
                        if color == .palette {
                            let index = Int(own[0])
                            return palette[(3 * index)..<(3 * index + 3)].map {
                                Self.onWhite($0, alpha: isTransparent ? shades[index] : 255)
                            }
                        }
                        return Self.expanded(
                            own, color, depth: depth, isClear: isTransparent && own == Array(clear))
                    }
                    #expect(try pixels(file) == expected, "\(width) × \(height), \(depth) bits")
                }
            }
        }
    }

    /// R, G, B of the samples of a pixel that has no palette.
    private static func expanded(
        _ samples: [UInt16], _ color: PNGFile.Color, depth: Int, isClear: Bool
    ) -> [UInt8] {
        if isClear { return [255, 255, 255] }
        let hasAlpha = color.channels.isMultiple(of: 2)
        let colors = hasAlpha ? Array(samples.dropLast()) : samples
        let three = colors.count == 1 ? [colors[0], colors[0], colors[0]] : colors
        guard hasAlpha, let alpha = samples.last else { return three.map { byte($0, depth: depth) } }
        guard depth == 16 else {
            return three.map { onWhite(byte($0, depth: 8), alpha: byte(alpha, depth: 8)) }
        }
        // Laid on white in 16 bits, rounded to nearest, before the lower 8 are dropped.
        return three.map { value in
            let sum = Int(value) * Int(alpha) + 65_535 * (65_535 - Int(alpha))
            return UInt8(((sum + 32_767) / 65_535) >> 8)
        }
    }

    /// Damage to samples is an error wherever it is; what stands beside them may be anything.
    @Test func checksumsOfSamplesAreHeld() throws {
        var file = PNGFile(
            width: 4, height: 4, color: .palette, depth: 8, samples: (0..<16).map { UInt16($0) })
        file.chunks = [("PLTE", (0..<48).map { UInt8($0) }), ("tEXt", Array("a comment".utf8))]
        let bytes = file.bytes
        for name in ["IHDR", "PLTE", "IDAT", "tEXt"] {
            let place = try #require(
                bytes.indices.dropLast(4).first { Array(bytes[$0..<($0 + 4)]) == Array(name.utf8) })
            var damaged = bytes
            // In the contents of the chunk; within IDAT in a stored block, which nothing else protects.
            damaged[place + (name == "IDAT" ? 14 : 5)] ^= 1
            if name == "tEXt" {
                #expect(
                    try ImageFile.decoded(damaged, named: "a.png").image.pixels == (0..<48).map { UInt8($0) })
            } else {
                #expect(throws: ImageFolderError.self, "\(name)") {
                    try ImageFile.decoded(damaged, named: "a.png")
                }
            }
        }
    }
}
