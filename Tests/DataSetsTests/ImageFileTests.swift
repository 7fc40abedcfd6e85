import Foundation
import ImageFixtures
import Testing

@testable import DataSets

@Suite struct ImageFileTests {
    let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    /// A smooth slope of each colour, so that JPEG keeps it.
    static func slopes(width: Int, height: Int, channels: Int = 3) -> [UInt8] {
        var pixels: [UInt8] = []
        for row in 0..<height {
            for column in 0..<width {
                for channel in 0..<channels {
                    let value: Int = 10 + 4 * column + 3 * row + 40 * channel
                    pixels.append(UInt8(value % 256))
                }
            }
        }
        return pixels
    }

    @Test func pngIsExact() throws {
        let pixels = Self.slopes(width: 7, height: 5)
        let path = try temporary.write(EncodedImage.png(width: 7, height: 5, pixels), to: "a.png")
        #expect(try ImageFile.decode(path) == RGBImage(width: 7, height: 5, pixels: pixels))
        #expect(try ImageFile.storedExtent(of: path) == ImageExtent(width: 7, height: 5))
    }

    @Test func greyIsRepeatedAndTransparencyLiesOnWhite() throws {
        let grey = try temporary.write(
            EncodedImage.png(width: 2, height: 1, channels: 1, [10, 200]), to: "grey.png")
        #expect(try ImageFile.decode(grey).pixels == [10, 10, 10, 200, 200, 200])
        let clear = try temporary.write(
            EncodedImage.png(width: 2, height: 1, channels: 4, [1, 2, 3, 0, 9, 8, 7, 255]), to: "clear.png")
        #expect(try ImageFile.decode(clear).pixels == [255, 255, 255, 9, 8, 7])
    }

    @Test(arguments: [false, true])
    func jpegIsClose(isProgressive: Bool) throws {
        let pixels = Self.slopes(width: 24, height: 17)
        let path = try temporary.write(
            EncodedImage.jpeg(width: 24, height: 17, quality: 100, isProgressive: isProgressive, pixels),
            to: "a.jpg")
        let decoded = try ImageFile.decode(path)
        #expect(decoded.extent == ImageExtent(width: 24, height: 17))
        // At quality 100 a coefficient is rounded to 1, and conversion to YCbCr and back to about 2.
        #expect(zip(decoded.pixels, pixels).allSatisfy { abs(Int($0) - Int($1)) <= 4 })
    }

    @Test func greyAndCMYKJPEGs() throws {
        let grey = try temporary.write(
            EncodedImage.jpeg(width: 8, height: 8, channels: 1, [UInt8](repeating: 90, count: 64)),
            to: "g.jpg")
        #expect(try ImageFile.decode(grey).pixels.allSatisfy { abs(Int($0) - 90) <= 1 })
        // 255 is no ink: cyan at 100 of 255, no black.
        let inks = (0..<64).flatMap { _ in [100, 255, 200, 255] as [UInt8] }
        let path = try temporary.write(EncodedImage.jpeg(width: 8, height: 8, channels: 4, inks), to: "c.jpg")
        for (index, value) in try ImageFile.decode(path).pixels.enumerated() {
            #expect(abs(Int(value) - [100, 255, 200][index % 3]) <= 2)
        }
    }

    /// The format is told by what a file holds.
    @Test func namesDoNotMatter() throws {
        let pixels = Self.slopes(width: 4, height: 4)
        let path = try temporary.write(EncodedImage.png(width: 4, height: 4, pixels), to: "photo.jpg")
        #expect(try ImageFile.decode(path).pixels == pixels)
    }

    private func reason(_ bytes: [UInt8], name: String = "bad.png") throws -> String {
        let path = try temporary.write(bytes, to: name)
        let error = try #require(throws: ImageFolderError.self) { try ImageFile.decode(path) }
        guard case .undecodable(let named, let reason) = error else {
            Issue.record("\(name): \(error)")
            return ""
        }
        #expect(named == path)
        #expect(error.description.contains(path))
        return reason
    }

    /// Cut anywhere, no file is decoded: neither crash nor grey remainder.
    @Test func truncatedFilesAreErrors() throws {
        let pixels = Self.slopes(width: 16, height: 16)
        for (name, file) in [
            ("t.png", EncodedImage.png(width: 16, height: 16, pixels)),
            ("t.jpg", EncodedImage.jpeg(width: 16, height: 16, pixels)),
            ("p.jpg", EncodedImage.jpeg(width: 16, height: 16, isProgressive: true, pixels)),
        ] {
            // A JPEG file ends with a marker of two bytes that no pixel depends on, a PNG file with a chunk of 12.
            let needed = file.count - (name.hasSuffix("png") ? 13 : 3)
            for length in stride(from: 0, through: needed, by: 7) {
                #expect(
                    try !reason(Array(file.prefix(length)), name: name).isEmpty, "\(length) of \(file.count)")
            }
        }
    }

    /// Bytes changed at random give an image or an error, and nothing else.
    @Test func damagedFilesDoNotCrash() throws {
        let pixels = Self.slopes(width: 16, height: 16)
        var state: UInt32 = 12345
        func next() -> Int {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int(state >> 8)
        }
        var refused = 0
        for file in [
            EncodedImage.png(width: 16, height: 16, pixels),
            EncodedImage.jpeg(width: 16, height: 16, isProgressive: true, pixels),
        ] {
            for _ in 0..<300 {
                var damaged = file
                for _ in 0..<3 { damaged[next() % file.count] = UInt8(next() % 256) }
                let path = try temporary.write(damaged, to: "damaged")
                do {
                    let image = try ImageFile.decode(path)
                    #expect(image.extent.area <= ImageFile.greatestArea)
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > 100)
    }

    /// A header that claims more than is reasonable is refused before memory is taken for it.
    @Test func absurdExtentsAreRefused() throws {
        var png = EncodedImage.png(width: 16, height: 16, Self.slopes(width: 16, height: 16))
        // IHDR begins at byte 8: length, name, width, height, five bytes, checksum of name and content.
        func claim(_ width: UInt32, _ height: UInt32) {
            for (start, value) in [(16, width), (20, height)] {
                for byte in 0..<4 {
                    png[start + byte] = UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * byte))
                }
            }
            let checksum = PNGFile.crc32(png[12..<29])
            for byte in 0..<4 {
                png[29 + byte] = UInt8(truncatingIfNeeded: checksum >> UInt32(24 - 8 * byte))
            }
        }
        claim(16, 16)
        #expect(try ImageFile.decode(temporary.write(png, to: "same.png")).width == 16)
        claim(100_000, 100_000)
        #expect(try reason(png).contains("100000 × 100000"))
        claim(.max >> 1, .max >> 1)
        #expect(try !reason(png).isEmpty)
        claim(0, 16)
        #expect(try !reason(png).isEmpty)
        // A taller image than there is data for.
        claim(16, 17)
        #expect(try !reason(png).isEmpty)

        var jpeg = EncodedImage.jpeg(width: 16, height: 16, Self.slopes(width: 16, height: 16))
        let frame = try #require(jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
        for offset in [5, 7] { (jpeg[frame + offset], jpeg[frame + offset + 1]) = (0xFD, 0x00) }
        #expect(try reason(jpeg, name: "bad.jpg").contains("64768 × 64768"))
        // More than the library itself takes.
        for offset in 5..<9 { jpeg[frame + offset] = 0xFF }
        #expect(try !reason(jpeg, name: "bad.jpg").isEmpty)
    }

    @Test func otherFilesAreNoImages() throws {
        #expect(try reason([]) == "it is empty")
        #expect(try reason(Array("GIF89a and more".utf8)) == "it is neither PNG nor JPEG")
        #expect(throws: ImageFolderError.fileMissing(temporary.file("none.png"))) {
            try ImageFile.decode(temporary.file("none.png"))
        }
        #expect(
            throws: ImageFolderError.undecodable(temporary.path, reason: "it is not a regular file")
        ) { try ImageFile.decode(temporary.path) }
    }

    /// A header that is longer than what is read at first, as profiles and thumbnails make it.
    @Test func longHeadersAreReadToTheirEnd() throws {
        let pixels = Self.slopes(width: 9, height: 6)
        var jpeg = EncodedImage.jpeg(width: 9, height: 6, pixels)
        // APP2 segments of 60,000 bytes; a length counts its own two bytes.
        let segment: [UInt8] = [0xFF, 0xE2, 0xEA, 0x62] + [UInt8](repeating: 7, count: 60_000)
        for _ in 0..<20 { jpeg.insert(contentsOf: segment, at: 2) }
        let path = try temporary.write(jpeg, to: "long.jpg")
        #expect(try ImageFile.storedExtent(of: path) == ImageExtent(width: 9, height: 6))
        #expect(try ImageFile.decode(path).extent == ImageExtent(width: 9, height: 6))
        var png = PNGFile(width: 2, height: 3, color: .grey, depth: 8, samples: [1, 2, 3, 4, 5, 6])
        png.chunks = [("tEXt", Array("Comment".utf8) + [0] + [UInt8](repeating: 65, count: 1_500_000))]
        let other = try temporary.write(png.bytes, to: "long.png")
        #expect(try ImageFile.storedExtent(of: other) == ImageExtent(width: 2, height: 3))
        #expect(try ImageFile.decode(other).pixels == [1, 2, 3, 4, 5, 6].flatMap { [$0, $0, $0] })
    }
}
