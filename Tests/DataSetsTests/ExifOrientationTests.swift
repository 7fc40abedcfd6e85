import Foundation
import ImageFixtures
import NumericalMethods
import Testing

@testable import DataSets

@Suite struct ExifOrientationTests {
    let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    /// A TIFF structure with one directory: another entry, then the orientation.
    private static func tiff(_ orientation: UInt16, isLittleEndian: Bool) -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return isLittleEndian ? bytes : bytes.reversed()
        }
        let start: [UInt8] = isLittleEndian ? [0x49, 0x49] : [0x4D, 0x4D]
        let width = number(0x0100, 2) + number(4, 2) + number(1, 4) + number(8, 4)
        let turned = number(0x0112, 2) + number(3, 2) + number(1, 4) + number(Int(orientation), 2) + [0, 0]
        return start + number(42, 2) + number(8, 4) + number(2, 2) + width + turned + number(0, 4)
    }

    /// A file with an Exif segment behind another one, and fill bytes before it, as the standard allows.
    private static func jpeg(_ file: [UInt8], _ tiff: [UInt8]) -> [UInt8] {
        let exif = Array("Exif".utf8) + [0, 0] + tiff
        let comment: [UInt8] = [0xFF, 0xFE, 0, 6, 0xFF, 0xE1, 0, 0]
        return Array(file.prefix(2)) + comment + [0xFF, 0xFF, 0xE1]
            + [UInt8((exif.count + 2) >> 8), UInt8((exif.count + 2) & 255)] + exif + file.dropFirst(2)
    }

    /// A file with an eXIf chunk behind its header of 33 bytes.
    private static func png(_ file: [UInt8], _ tiff: [UInt8]) -> [UInt8] {
        func big(_ value: UInt32) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
        }
        let chunk = Array("eXIf".utf8) + tiff
        return Array(file.prefix(33)) + big(UInt32(tiff.count)) + chunk
            + big(PNGFile.crc32(chunk[...])) + file.dropFirst(33)
    }

    /// Where the standard says the stored row 0 and column 0 are seen (Exif 2.32, 4.6.4, tag 0x0112).
    private static let sides: [(row: String, column: String)] = [
        ("top", "left"), ("top", "right"), ("bottom", "right"), ("bottom", "left"), ("left", "top"),
        ("right", "top"), ("right", "bottom"), ("left", "bottom"),
    ]

    /// The place at which a stored pixel is seen.
    private static func place(_ row: Int, _ column: Int, orientation: Int, of seen: ImageExtent) -> Int {
        var (y, x) = (0, 0)
        for (side, distance) in [(sides[orientation - 1].row, row), (sides[orientation - 1].column, column)] {
            switch side {
            case "top": y = distance
            case "bottom": y = seen.height - 1 - distance
            case "left": x = distance
            default: x = seen.width - 1 - distance
            }
        }
        return y * seen.width + x
    }

    @Test("Every orientation is applied, in both byte orders", arguments: 1...8, [false, true])
    func applied(orientation: Int, isLittleEndian: Bool) throws {
        let (width, height) = (5, 3)
        let pixels = (0..<(3 * width * height)).map { UInt8(5 * $0 + 1) }
        let tiff = Self.tiff(UInt16(orientation), isLittleEndian: isLittleEndian)
        let file = Self.png(EncodedImage.png(width: width, height: height, pixels), tiff)
        let path = try temporary.write(file, to: "a.png")
        let image = try ImageFile.decode(path)
        let seen = orientation < 5 ? ImageExtent(width: 5, height: 3) : ImageExtent(width: 3, height: 5)
        #expect(image.extent == seen)
        #expect(try ImageFile.storedExtent(of: path) == ImageExtent(width: 5, height: 3))
        for row in 0..<height {
            for column in 0..<width {
                let from = 3 * (row * width + column)
                let to = 3 * Self.place(row, column, orientation: orientation, of: seen)
                #expect(Array(image.pixels[to..<(to + 3)]) == Array(pixels[from..<(from + 3)]))
            }
        }
    }

    @Test("A JPEG file's segment is found behind others", arguments: 1...8)
    func jpegs(orientation: Int) throws {
        // Two halves of 8 × 8 blocks, so that the colours do not run into each other.
        let pixels = (0..<16).flatMap { row in
            (0..<8).flatMap { _ in [UInt8](repeating: row < 8 ? 20 : 220, count: 3) }
        }
        let plain = EncodedImage.jpeg(width: 8, height: 16, quality: 100, pixels)
        let tiff = Self.tiff(UInt16(orientation), isLittleEndian: orientation.isMultiple(of: 2))
        let path = try temporary.write(Self.jpeg(plain, tiff), to: "a.jpg")
        let image = try ImageFile.decode(path)
        #expect(
            image.extent == ImageExtent(width: orientation < 5 ? 8 : 16, height: orientation < 5 ? 16 : 8))
        let dark = image.pixels.indices.filter { image.pixels[$0] < 120 }.map { $0 / 3 }
        let expected = (0..<8).flatMap { row in
            (0..<8).map { Self.place(row, $0, orientation: orientation, of: image.extent) }
        }
        #expect(Set(dark) == Set(expected))
    }

    @Test("What says nothing, or nothing that can be, is upright")
    func upright() throws {
        let plain = EncodedImage.jpeg(width: 8, height: 8, [UInt8](repeating: 9, count: 192))
        #expect(ExifOrientation(ofFile: plain) == .upright)
        #expect(ExifOrientation(ofFile: []) == .upright)
        #expect(ExifOrientation(ofFile: [0xFF, 0xD8]) == .upright)
        for value: UInt16 in [0, 9, 255, .max] {
            let file = Self.jpeg(plain, Self.tiff(value, isLittleEndian: false))
            #expect(ExifOrientation(ofFile: file) == .upright)
            #expect(try ImageFile.decode(temporary.write(file, to: "v.jpg")).width == 8)
        }
        // The directory beyond the end, as many entries as can be claimed, a value of another type.
        for (place, bytes) in [(4, [0xFF, 0xFF, 0xFF, 0xFF]), (8, [0xFF, 0xFF]), (24, [0, 4])]
            as [(Int, [UInt8])]
        {
            var tiff = Self.tiff(6, isLittleEndian: false)
            tiff.replaceSubrange(place..<(place + bytes.count), with: bytes)
            let found = ExifOrientation(ofFile: Self.jpeg(plain, tiff))
            #expect(found == (place == 8 ? .quarterTurn : .upright))
        }
    }

    @Test("Cut or damaged anywhere, a file is read to no harm")
    func hostile() {
        let plain = EncodedImage.jpeg(width: 8, height: 8, [UInt8](repeating: 9, count: 192))
        let picture = EncodedImage.png(width: 4, height: 4, [UInt8](repeating: 9, count: 48))
        var stream = RandomStream(seed: 0, name: "exif")
        for file in [
            Self.jpeg(plain, Self.tiff(6, isLittleEndian: false)),
            Self.jpeg(plain, Self.tiff(6, isLittleEndian: true)),
            Self.png(picture, Self.tiff(6, isLittleEndian: true)),
        ] {
            #expect(ExifOrientation(ofFile: file) == .quarterTurn)
            for length in 0..<file.count {
                let found = ExifOrientation(ofFile: Array(file.prefix(length)))
                #expect(found == .upright || found == .quarterTurn)
            }
            for _ in 0..<2000 {
                var damaged = file
                for _ in 0..<4 {
                    // The first bytes hold all that is read but the lengths further on.
                    let place = stream.integer(below: min(file.count, 120))
                    damaged[place] = UInt8(stream.integer(below: 256))
                }
                _ = ExifOrientation(ofFile: damaged)
            }
        }
    }

    @Test("A folder counts the images that it turned, each once")
    func counted() throws {
        try FileManager.default.createDirectory(
            atPath: temporary.file("a"), withIntermediateDirectories: true)
        let plain = EncodedImage.png(width: 6, height: 4, [UInt8](repeating: 9, count: 72))
        try temporary.write(plain, to: "a/1.png")
        try temporary.write(Self.png(plain, Self.tiff(8, isLittleEndian: true)), to: "a/2.png")
        try temporary.write(Self.png(plain, Self.tiff(1, isLittleEndian: true)), to: "a/3.png")
        try temporary.write(Array("notes".utf8), to: "a/notes.txt")
        let folder = try ImageFolder(temporary.path, side: 4)
        #expect(folder.provenance().turned == 0, "nothing is decoded yet")
        for seed in 0..<2 { _ = try folder.batch(size: 3, seed: UInt64(seed)) }
        let provenance = folder.provenance()
        #expect(provenance.turned == 1)
        #expect(provenance.otherFormats == [temporary.file("a/notes.txt")])
        #expect(
            provenance.classes == ["a"]
                && provenance.normalization?.mean == [0.485, 0.456, 0.406].map { Double(Float($0)) })
    }
}
