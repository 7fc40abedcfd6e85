/// A PNG file put together by hand (ISO/IEC 15948), of any kind that there is: what it decodes to follows from the
/// standard, and from no library. Its data are not compressed.
public struct PNGFile: Sendable {
    public enum Color: UInt8, Sendable, CaseIterable {
        case grey = 0
        case rgb = 2
        case palette = 3
        case greyAndAlpha = 4
        case rgba = 6

        public var channels: Int {
            switch self {
            case .grey, .palette: 1
            case .greyAndAlpha: 2
            case .rgb: 3
            case .rgba: 4
            }
        }

        /// Bits a sample that there are.
        public var depths: [Int] {
            switch self {
            case .grey: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            default: [8, 16]
            }
        }
    }

    public var width: Int
    public var height: Int
    public var color: Color
    /// Bits a sample.
    public var depth: Int
    public var isInterlaced = false
    /// Row by row, pixel by pixel, channel by channel.
    public var samples: [UInt16]
    /// Chunks between header and data, such as PLTE and tRNS.
    public var chunks: [(name: String, contents: [UInt8])] = []

    public init(width: Int, height: Int, color: Color, depth: Int, samples: [UInt16]) {
        precondition(samples.count == width * height * color.channels, "\(samples.count) samples")
        precondition(samples.allSatisfy { Int($0) < 1 << depth }, "samples of more than \(depth) bits")
        (self.width, self.height, self.color, self.depth) = (width, height, color, depth)
        self.samples = samples
    }

    public static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    public var bytes: [UInt8] {
        let header =
            Self.big(UInt32(width)) + Self.big(UInt32(height))
            + [UInt8(depth), color.rawValue, 0, 0, isInterlaced ? 1 : 0]
        return Self.signature + Self.chunk("IHDR", header)
            + chunks.flatMap { Self.chunk($0.name, $0.contents) } + Self.chunk("IDAT", Self.stored(data))
            + Self.chunk("IEND", [])
    }

    /// Length, name, contents, checksum.
    public static func chunk(_ name: String, _ contents: [UInt8]) -> [UInt8] {
        let checked = Array(name.utf8) + contents
        return big(UInt32(contents.count)) + checked + big(crc32(checked))
    }

    /// The file with the checksums that its chunks ought to have, as far as there are chunks.
    public static func repaired(_ file: [UInt8]) -> [UInt8] {
        var file = file
        var place = signature.count
        while place + 12 <= file.count {
            let length = file[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
            guard length <= file.count - place - 12 else { break }
            let end = place + 8 + length
            file.replaceSubrange(end..<(end + 4), with: big(crc32(file[(place + 4)..<end])))
            place = end + 4
        }
        return file
    }

    public static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in crcTable[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
    }

    private static let crcTable: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
        }
    }

    /// The first pixel of a pass and the distance to the next, in columns and rows.
    private static let passes: [(x: Int, y: Int, dx: Int, dy: Int)] = [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
    ]

    /// Rows of the passes, unfiltered.
    private var data: [UInt8] {
        let passes = isInterlaced ? Self.passes : [(x: 0, y: 0, dx: 1, dy: 1)]
        return passes.flatMap { pass in
            let columns = stride(from: pass.x, to: width, by: pass.dx)
            return stride(from: pass.y, to: height, by: pass.dy).flatMap { row -> [UInt8] in
                let samples = columns.flatMap { column in
                    let first = (row * width + column) * color.channels
                    return self.samples[first..<(first + color.channels)]
                }
                return samples.isEmpty ? [] : [0] + packed(samples)
            }
        }
    }

    private func packed(_ samples: [UInt16]) -> [UInt8] {
        guard depth < 16 else { return samples.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } }
        let perByte = 8 / depth
        return stride(from: 0, to: samples.count, by: perByte).map { start in
            (0..<perByte).reduce(UInt8(0)) { byte, offset in
                let sample = start + offset < samples.count ? samples[start + offset] : 0
                return depth == 8 ? UInt8(sample) : byte << UInt8(depth) | UInt8(sample)
            }
        }
    }

    /// A zlib stream of stored blocks (RFC 1950 and 1951).
    private static func stored(_ data: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        let greatest = 65_535
        for start in stride(from: 0, to: max(data.count, 1), by: greatest) {
            let block = data[start..<min(data.count, start + greatest)]
            let length = UInt16(block.count)
            stream.append(start + greatest >= data.count ? 1 : 0)
            for word in [length, ~length] { stream += [UInt8(word & 0xFF), UInt8(word >> 8)] }
            stream += block
        }
        let (a, b) = data.reduce((UInt32(1), UInt32(0))) { sums, byte in
            let a = (sums.0 + UInt32(byte)) % 65_521
            return (a, (sums.1 + a) % 65_521)
        }
        return stream + big(b << 16 | a)
    }

    private static func big(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
