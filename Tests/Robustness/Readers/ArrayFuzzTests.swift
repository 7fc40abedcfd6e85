import Archives
import FuzzSupport
import NumericalMethods
import Tensors
import Testing

@testable import Arrays

/// Arrays of strangers: .npy files, and zip archives of them.
@Suite struct ArrayFuzzTests {
    private static let texts = [
        "'descr': ", "'fortran_order': ", "'shape': ", "'<f4'", "'>f8'", "'|b1'", "'<f2'", "'|O'", "'<U3'",
        "True",
        "False", "(2, 3)", "(,)", "()", "4611686018427387904", "99999999999999999999", "-1", "{", "}", "[",
        "x.npy",
        "/data.pkl",
    ]
    private static let words =
        texts.map { Array($0.utf8) } + [
            [0x50, 0x4B, 3, 4], [0x50, 0x4B, 1, 2], [0x50, 0x4B, 5, 6], [0x50, 0x4B, 6, 6],
            [0x50, 0x4B, 6, 7],
            [1, 0, 16, 0], [0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF],
        ]

    private static func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
        let text = Array(header.utf8)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count), 0] + text + data
    }

    private static let arrays = [
        file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", Array(repeating: 7, count: 24)),
        file(
            "{'descr': '>i8', 'fortran_order': True, 'shape': (1, 2, 1), }\n", Array(repeating: 3, count: 16)
        ),
        file("{'descr': '<f2', 'fortran_order': True, 'shape': (3, 0, 2), }\n", []),
        file("{'descr': '|b1', 'fortran_order': False, 'shape': (), }\n", [1]),
    ]

    private static func number(_ number: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// An archive whose second member is a stored block of deflate.
    private static func archive(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
        let block = [1] + number(second.count, 2) + number(~second.count, 2) + second
        var (file, table) = ([UInt8](), [UInt8]())
        for (name, method, bytes, plain) in [("x.npy", 0, first, first), ("label.npy", 8, block, second)] {
            let fields =
                number(0, 2) + number(method, 2) + number(0, 4) + number(checksum(plain), 4)
                + number(bytes.count, 4) + number(plain.count, 4) + number(name.utf8.count, 2)
            table += [0x50, 0x4B, 1, 2, 20, 0, 20, 0] + fields + Array(repeating: 0, count: 12)
            table += number(file.count, 4) + Array(name.utf8)
            file += [0x50, 0x4B, 3, 4, 20, 0] + fields + [0, 0] + Array(name.utf8) + bytes
        }
        return file + table + [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 2, 0, 2, 0] + number(table.count, 4)
            + number(file.count, 4) + [0, 0]
    }

    /// CRC-32.
    private static func checksum(_ bytes: [UInt8]) -> Int {
        Int(
            ~bytes.reduce(~UInt32(0)) { sum, byte in
                (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
            })
    }

    /// Arrays have as many numbers as their shapes, and names of their own.
    private static func check(_ arrays: NamedArrays) {
        #expect(Set(arrays.names).count == arrays.arrays.count)
        for array in arrays.arrays {
            switch array.numbers {
            case .single(let numbers): #expect(numbers.count == array.shape.count)
            case .double(let numbers): #expect(numbers.count == array.shape.count)
            case .whole(let numbers): #expect(numbers.count == array.shape.count)
            }
        }
    }

    @Test func headers() throws {
        let corpus = Self.arrays.map { file in Array(file[10..<(10 + Int(file[8]))]) }
        try FuzzCampaign("npy header", .cheap).run(
            corpus: corpus, dictionary: Self.words, refusals: [ArrayRefusal.self]
        ) { text in
            let header = try NPYHeader(text[...])
            #expect([1, 2, 4, 8].contains(header.type.size) && header.shape.allSatisfy { $0 >= 0 })
        }
    }

    @Test func files() throws {
        let scratch = try ScratchFile("npy")
        try FuzzCampaign("npy file", .dear).run(
            corpus: Self.arrays, dictionary: Self.words, refusals: [ArrayError.self]
        ) { bytes in
            try scratch.write(bytes)
            Self.check(try NamedArrays(readingFrom: scratch.path))
        }
    }

    @Test func archives() throws {
        let scratch = try ScratchFile("npz")
        let corpus = [
            Self.archive(Self.arrays[0], Self.arrays[1]), Self.archive(Self.arrays[3], Self.arrays[2]),
        ]
        try scratch.write(corpus[0])
        #expect(try NamedArrays(readingFrom: scratch.path).names == ["x", "label"])
        try FuzzCampaign("npz file", .dear).run(
            corpus: corpus, dictionary: Self.words, refusals: [ArrayError.self]
        ) { bytes in
            try scratch.write(bytes)
            Self.check(try NamedArrays(readingFrom: scratch.path))
        }
    }

    /// The table and the members by themselves, without checksums that refuse nearly all that changed.
    @Test func tables() throws {
        let scratch = try ScratchFile("zip")
        let corpus = [Self.archive(Self.arrays[0], Self.arrays[1])]
        try FuzzCampaign("zip table", .dear).run(
            corpus: corpus, dictionary: Self.words, refusals: [ArchiveError.self]
        ) { bytes in
            try scratch.write(bytes)
            let archive = try ZipArchive(scratch.path)
            for index in archive.members.indices {
                let member = archive.members[index]
                do throws(ArchiveError) {
                    #expect(try archive.bytes(of: member).count == member.size)
                } catch {
                    // One member is damaged; the others are read all the same.
                    continue
                }
            }
        }
    }
}
