import FuzzSupport
import ImageFixtures
import NumericalMethods
import Testing

@testable import DataSets

/// Pictures from anybody: a decode throws an error of its own or gives every pixel, the same each time.
@Suite struct PictureFuzzTests {
    private static func noise(_ count: Int, below limit: Int = 256, _ name: String) -> [UInt16] {
        var stream = RandomStream(seed: 0, name: "pictures.\(name)")
        return (0..<count).map { _ in UInt16(stream.integer(below: limit)) }
    }

    /// Smooth, so that a scan has both long and short codes.
    private static func picture(_ width: Int, _ height: Int, _ channels: Int) -> [UInt8] {
        let grain = noise(width * height * channels, below: 40, "grain")
        return (0..<(width * height * channels)).map { index in
            let (pixel, channel) = (index / channels, index % channels)
            return UInt8(
                (3 * (pixel % width) + 2 * (pixel / width) + 50 * channel + Int(grain[index])) % 256)
        }
    }

    /// Every kind of PNG put together by hand, and files that libpng has compressed.
    private static let pngs: [[UInt8]] = {
        var files: [[UInt8]] = []
        for color in PNGFile.Color.allCases {
            for depth in color.depths {
                for isInterlaced in [false, true] {
                    var file = PNGFile(
                        width: 7, height: 5, color: color, depth: depth,
                        samples: noise(35 * color.channels, below: 1 << depth, "\(color)"))
                    file.isInterlaced = isInterlaced
                    switch color {
                    case .palette:
                        let colors = noise(3 << depth, "palette").map { UInt8($0) }
                        file.chunks = [("PLTE", colors), ("tRNS", Array(colors.prefix(1 << depth)))]
                    case .grey: file.chunks = [("gAMA", [0, 0, 0xB1, 0x8F]), ("tRNS", [0, 1])]
                    case .rgb: file.chunks = [("sRGB", [0]), ("tRNS", [0, 1, 0, 2, 0, 3])]
                    case .greyAndAlpha, .rgba: break
                    }
                    files.append(file.bytes)
                }
            }
        }
        return files
            + [1, 3, 4].map { EncodedImage.png(width: 19, height: 11, channels: $0, picture(19, 11, $0)) }
    }()

    private static let jpegs: [[UInt8]] = [false, true].flatMap { isProgressive in
        [1, 3, 4].flatMap { channels in
            [(false, false, 0), (true, false, 2), (false, true, 0), (true, true, 1)].map {
                isSubsampled, isArithmetic, restarts in
                EncodedImage.jpeg(
                    width: 21, height: 18, channels: channels, quality: 80, isProgressive: isProgressive,
                    isArithmetic: isArithmetic, isSubsampled: isSubsampled, restartInterval: restarts,
                    picture(21, 18, channels))
            }
        }
    }

    private static let chunkNames = [
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "eXIf",
        "zTXt",
        "iTXt", "acTL", "fdAT", "qqQQ",
    ]

    private static let markers: [[UInt8]] =
        ((0xC0...0xFE).map { [0xFF, UInt8($0)] }) + [[0xFF, 0xE1, 0, 34] + Array("Exif".utf8) + [0, 0]]

    /// What a decode of these bytes must do.
    private func check(_ bytes: [UInt8]) throws {
        let claimed = Result { try ImageFile.measure(bytes, "picture") }
        let first: ImageFile.Decoded
        do throws(ImageFolderError) {
            first = try ImageFile.decoded(bytes, named: "picture")
        } catch {
            guard case .undecodable("picture", let reason) = error else {
                Issue.record("\(error)")
                throw error
            }
            #expect(!reason.isEmpty)
            #expect(throws: error) { try ImageFile.decoded(bytes, named: "picture") }
            throw error
        }
        let image = first.image
        #expect(image.pixels.count == 3 * image.width * image.height)
        #expect(try first.orientation.applied(to: claimed.get()) == image.extent)
        #expect(try ImageFile.decoded(bytes, named: "picture") == first)
    }

    /// With the checksums that the mutated chunks ought to have: else nearly all would be refused for theirs.
    @Test func pngs() throws {
        let tally = try FuzzCampaign("PNG", .dear).run(
            corpus: Self.pngs, dictionary: Self.chunkNames.map { Array($0.utf8) },
            repair: PNGFile.repaired, refusals: [ImageFolderError.self], check)
        #expect(tally.accepted > tally.inputs / 100 && tally.refused > tally.inputs / 100)
    }

    @Test func jpegs() throws {
        let tally = try FuzzCampaign("JPEG", .dear).run(
            corpus: Self.jpegs, dictionary: Self.markers, refusals: [ImageFolderError.self], check)
        #expect(tally.accepted > tally.inputs / 100 && tally.refused > tally.inputs / 100)
    }
}
