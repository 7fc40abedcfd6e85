/// How a stored image is to be turned to be seen upright: the Orientation tag (0x0112) of Exif 2.32, as JPEG files carry
/// it in an APP1 segment and PNG files in an eXIf chunk.
public enum ExifOrientation: UInt16, Sendable, CaseIterable {
    case upright = 1
    case mirrored
    case upsideDown
    case flipped
    case transposed
    /// A quarter clockwise.
    case quarterTurn
    case transverse
    /// A quarter counter-clockwise.
    case threeQuarterTurn

    /// Of a PNG or JPEG file; upright where it says nothing, or nothing that can be read. The file may come from
    /// anybody: every length in it is held against what is there.
    public init(ofFile file: [UInt8]) {
        let bytes = ByteReader(file[...])
        self = (Self.png(bytes) ?? Self.jpeg(bytes)).flatMap(Self.init(tiff:)) ?? .upright
    }

    /// Rows become columns.
    var isTransposed: Bool { rawValue >= Self.transposed.rawValue }
    /// Of the stored image, before it is transposed.
    var flipsRows: Bool { [.upsideDown, .flipped, .quarterTurn, .transverse].contains(self) }
    var flipsColumns: Bool { [.mirrored, .upsideDown, .transverse, .threeQuarterTurn].contains(self) }

    /// Extent of the image as it is seen.
    func applied(to stored: ImageExtent) -> ImageExtent {
        isTransposed ? ImageExtent(width: stored.height, height: stored.width) : stored
    }

    /// The image as it is seen.
    func applied(to stored: RGBImage) -> RGBImage {
        guard self != .upright else { return stored }
        let seen = applied(to: stored.extent)
        let pixels = [UInt8](unsafeUninitializedCapacity: 3 * seen.area) { pixels, count in
            stored.pixels.withUnsafeBufferPointer { source in
                for row in 0..<seen.height {
                    for column in 0..<seen.width {
                        var (y, x) = isTransposed ? (column, row) : (row, column)
                        if flipsRows { y = stored.height - 1 - y }
                        if flipsColumns { x = stored.width - 1 - x }
                        let (from, to) = (3 * (y * stored.width + x), 3 * (row * seen.width + column))
                        for color in 0..<3 {
                            pixels.initializeElement(at: to + color, to: source[from + color])
                        }
                    }
                }
            }
            count = 3 * seen.area
        }
        return RGBImage(width: seen.width, height: seen.height, pixels: pixels)
    }
}

extension ExifOrientation {
    /// The contents of a PNG file's eXIf chunk.
    private static func png(_ file: ByteReader) -> ByteReader? {
        guard file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return nil }
        var place = 8
        // Length, name, contents, checksum.
        while let length = file.integer(4, at: place), let name = file.part(4, at: place + 4),
            let contents = file.part(length, at: place + 8)
        {
            if name.starts(with: Array("eXIf".utf8)) { return contents }
            place += 12 + length
        }
        return nil
    }

    /// What follows “Exif” in a JPEG file's first such APP1 segment.
    private static func jpeg(_ file: ByteReader) -> ByteReader? {
        guard file.starts(with: [0xFF, 0xD8]) else { return nil }
        let heading = Array("Exif".utf8) + [0, 0]
        var place = 2
        while let marker = file.integer(1, at: place + 1), let first = file.integer(1, at: place) {
            // As decoders do: what is no marker is passed over, and 0xFF may be repeated before one.
            guard first == 0xFF, marker != 0xFF, marker != 0 else {
                place += 1
                continue
            }
            switch marker {
            case 0x01, 0xD0...0xD7: place += 2
            // Pixels follow, or nothing.
            case 0xDA, 0xD9: return nil
            default:
                // The length counts itself.
                guard let length = file.integer(2, at: place + 2), length >= 2,
                    let contents = file.part(length - 2, at: place + 4)
                else { return nil }
                if marker == 0xE1, contents.starts(with: heading) { return contents.rest(from: 6) }
                place += 2 + length
            }
        }
        return nil
    }

    /// The tag in the first directory of a TIFF structure.
    private init?(tiff: ByteReader) {
        var tiff = tiff
        if tiff.starts(with: [0x49, 0x49, 42, 0]) {
            tiff.isLittleEndian = true
        } else if !tiff.starts(with: [0x4D, 0x4D, 0, 42]) {
            return nil
        }
        guard let directory = tiff.integer(4, at: 4), let count = tiff.integer(2, at: directory) else {
            return nil
        }
        for index in 0..<count {
            // Tag, type (3: 16 bits), count, value.
            let entry = directory + 2 + 12 * index
            guard let tag = tiff.integer(2, at: entry) else { return nil }
            guard tag == 0x0112 else { continue }
            guard tiff.integer(2, at: entry + 2) == 3, tiff.integer(4, at: entry + 4) == 1,
                let value = tiff.integer(2, at: entry + 8)
            else { return nil }
            self.init(rawValue: UInt16(value))
            return
        }
        return nil
    }
}

/// Whole numbers at places of a file, `nil` where it ends before.
private struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    var isLittleEndian = false

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// - Parameters:
    ///   - place: not negative.
    ///   - count: bytes of the number, at most 4.
    func integer(_ count: Int, at place: Int) -> Int? {
        guard let part = slice(count, at: place) else { return nil }
        return isLittleEndian
            ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : part.reduce(0) { $0 << 8 | Int($1) }
    }

    func part(_ count: Int, at place: Int) -> ByteReader? { slice(count, at: place).map(ByteReader.init) }

    func rest(from place: Int) -> ByteReader { ByteReader(bytes.dropFirst(place)) }

    func starts(with beginning: [UInt8]) -> Bool { bytes.starts(with: beginning) }

    private func slice(_ count: Int, at place: Int) -> ArraySlice<UInt8>? {
        // Neither can overflow: both are of at most 32 bits, or places in a file that is in memory.
        guard count <= bytes.count, place <= bytes.count - count else { return nil }
        return bytes[(bytes.startIndex + place)..<(bytes.startIndex + place + count)]
    }
}
