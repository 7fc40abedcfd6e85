import NumericalMethods

/// Changes to bytes as a damaged medium or a hostile writer would make them.
public struct Mutation: Sendable {
    private let dictionary: [[UInt8]]
    private let corpus: [[UInt8]]

    /// - Parameters:
    ///   - dictionary: words of the format, put in now and then.
    ///   - corpus: good inputs, parts of which are put into each other.
    public init(dictionary: [[UInt8]] = [], corpus: [[UInt8]] = []) {
        self.dictionary = dictionary
        self.corpus = corpus
    }

    /// Lengths and counts at the edges of the number types.
    private static let edges: [UInt64] = [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
    ]

    /// One to eight changes.
    public func mutated(_ input: [UInt8], _ stream: inout RandomStream) -> [UInt8] {
        var bytes = input
        for _ in 0...stream.integer(below: 8) { change(&bytes, &stream) }
        return bytes
    }

    private func change(_ bytes: inout [UInt8], _ stream: inout RandomStream) {
        let place = stream.integer(below: bytes.count + 1)
        switch stream.integer(below: 9) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(stream.integer(below: 8))
        case 1 where place < bytes.count: bytes[place] = UInt8(stream.integer(below: 256))
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + length(&stream)))
        case 3: bytes.insert(contentsOf: random(length(&stream), &stream), at: place)
        case 4: bytes.removeSubrange(place...)
        case 5:
            // A part a second time.
            let part = bytes[place..<min(bytes.count, place + length(&stream))]
            bytes.insert(contentsOf: Array(part), at: stream.integer(below: bytes.count + 1))
        case 6: overwrite(&bytes, at: place, with: edge(&stream))
        case 7:
            guard !dictionary.isEmpty else { fallthrough }
            let word = dictionary[stream.integer(below: dictionary.count)]
            if stream.integer(below: 2) == 0 {
                bytes.insert(contentsOf: word, at: place)
            } else {
                overwrite(&bytes, at: place, with: word)
            }
        default:
            guard let other = corpus.isEmpty ? nil : corpus[stream.integer(below: corpus.count)],
                !other.isEmpty
            else { return }
            let from = stream.integer(below: other.count)
            overwrite(
                &bytes, at: place, with: Array(other[from..<min(other.count, from + length(&stream))]))
        }
    }

    /// Mostly short.
    private func length(_ stream: inout RandomStream) -> Int {
        1 + stream.integer(below: 1 << stream.integer(below: 9))
    }

    private func random(_ count: Int, _ stream: inout RandomStream) -> [UInt8] {
        (0..<count).map { _ in UInt8(stream.integer(below: 256)) }
    }

    private func edge(_ stream: inout RandomStream) -> [UInt8] {
        let value = Self.edges[stream.integer(below: Self.edges.count)]
        let width = 1 << stream.integer(below: 4)
        let little = (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
        return stream.integer(below: 2) == 0 ? little : little.reversed()
    }

    private func overwrite(_ bytes: inout [UInt8], at place: Int, with word: [UInt8]) {
        bytes.replaceSubrange(place..<min(bytes.count, place + word.count), with: word)
    }
}
