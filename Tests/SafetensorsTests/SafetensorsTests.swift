import Foundation
import Testing

@testable import Safetensors

@Suite struct SafetensorsTests {
    let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    /// A file in the format, byte for byte as given.
    func file(json: String, data: [UInt8], length: UInt64? = nil) throws -> String {
        let header = Array(json.utf8)
        let claimed = withUnsafeBytes(of: (length ?? UInt64(header.count)).littleEndian) { Array($0) }
        return try temporary.write(claimed + header + data, to: "test.safetensors")
    }

    @Test func roundTripKeepsEveryBit() throws {
        let path = temporary.file("round.safetensors")
        let floats: [Float] = [1.5, -0, .infinity, 1e-45, .pi, 0]
        let doubles = [Double.leastNonzeroMagnitude, -1e308, 0.1]
        try SafetensorsWriter.write(
            [
                SafetensorsTensor("units.7.branch.conv1.weight", shape: [1, 2, 3, 1], floats),
                SafetensorsTensor("labels", shape: [2], [Int64.min, 7]),
                SafetensorsTensor("a \"quoted\" näme\n", shape: [3], doubles),
                SafetensorsTensor("scalar", shape: [], [Float(2)]),
                SafetensorsTensor("empty", shape: [0, 5], [Float]()),
            ],
            metadata: ["seed": "0", "command": "propagate --depth 20 \\ \"x\"\t\u{1}"], to: path)
        let reader = try SafetensorsReader(path)
        #expect(
            reader.names == [
                "a \"quoted\" näme\n", "empty", "labels", "scalar", "units.7.branch.conv1.weight",
            ])
        #expect(reader.metadata["command"] == "propagate --depth 20 \\ \"x\"\t\u{1}")
        let weights: [Float] = try reader.elements("units.7.branch.conv1.weight")
        #expect(weights.map(\.bitPattern) == floats.map(\.bitPattern))
        #expect(reader.shape(of: "units.7.branch.conv1.weight") == [1, 2, 3, 1])
        #expect(reader.typeName(of: "labels") == "I64")
        #expect(try reader.elements("labels", as: Int64.self) == [Int64.min, 7])
        #expect(try reader.elements("a \"quoted\" näme\n", as: Double.self) == doubles)
        #expect(try reader.elements("scalar", as: Float.self) == [2])
        #expect(try reader.elements("empty", as: Float.self).isEmpty)
    }

    /// The layout itself, so that a shared mistake of writer and reader shows: as
    /// Python's safetensors 0.8.0 writes it.
    @Test func headerIsSortedAndAligned() throws {
        let path = temporary.file("layout.safetensors")
        try SafetensorsWriter.write(
            [
                SafetensorsTensor("b", shape: [1], [Float(1)]),
                SafetensorsTensor("a", shape: [1], [Float(2)]),
                SafetensorsTensor("z", shape: [1], [Int64(3)]),
            ], to: path)
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        let json =
            #"{"z":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"#
            + #""a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"#
            + #""b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}"#
        let padded = (json.utf8.count + 7) / 8 * 8
        #expect(bytes.prefix(8) == [UInt8(padded), 0, 0, 0, 0, 0, 0, 0])
        #expect(String(decoding: bytes[8..<8 + json.utf8.count], as: UTF8.self) == json)
        #expect(bytes[(8 + json.utf8.count)..<(8 + padded)].allSatisfy { $0 == 0x20 })
        #expect(Array(bytes[(8 + padded)...]) == [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0x80, 0x3f])
    }

    @Test func streamsInPieces() throws {
        let path = temporary.file("pieces.safetensors")
        let tensor = SafetensorsTensor("x", type: .float64, shape: [3]) { sink in
            for value in [1.0, 2, 3] { try withUnsafeBytes(of: value) { try sink($0) } }
        }
        try SafetensorsWriter.write([tensor], to: path)
        #expect(try SafetensorsReader(path).elements("x", as: Double.self) == [1, 2, 3])
    }

    @Test func wrongStreamsLeaveNoFile() throws {
        let path = temporary.file("wrong.safetensors")
        for count in [2, 4] {
            let values = [Float](repeating: 1, count: count)
            #expect(throws: SafetensorsError.wrongByteCount("x", expected: 12, found: 4 * count)) {
                try SafetensorsWriter.write([SafetensorsTensor("x", shape: [3], values)], to: path)
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty)
    }

    @Test func impossibleTensorsAreRefused() {
        let path = temporary.file("bad.safetensors")
        let one = SafetensorsTensor("x", shape: [1], [Float(1)])
        #expect(throws: SafetensorsError.badName("x")) { try SafetensorsWriter.write([one, one], to: path) }
        let reserved = SafetensorsTensor("__metadata__", shape: [1], [Float(1)])
        #expect(throws: SafetensorsError.badName("__metadata__")) {
            try SafetensorsWriter.write([reserved], to: path)
        }
        for shape in [[-1], [.max, 3]] {
            #expect(throws: SafetensorsError.badShape("x", shape)) {
                try SafetensorsWriter.write([SafetensorsTensor("x", shape: shape, [Float]())], to: path)
            }
        }
        #expect(throws: SafetensorsError.self) {
            try SafetensorsWriter.write([one], to: temporary.file("no/such/place"))
        }
    }

    @Test func readerAsksForTheRightTensor() throws {
        let path = try file(
            json: #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0])
        let reader = try SafetensorsReader(path)
        #expect(throws: SafetensorsError.tensorMissing("y", path: path)) {
            try reader.elements("y", as: Float.self)
        }
        #expect(throws: SafetensorsError.typeMismatch("x", expected: "F64", found: "F32")) {
            try reader.elements("x", as: Double.self)
        }
    }

    /// Signs of JSON inside names are no structure.
    @Test func namesMayHoldAnything() throws {
        let path = temporary.file("names.safetensors")
        let names = ["a:b", "{", "]\\", "\\\"", "\":{\"", "::"]
        try SafetensorsWriter.write(
            names.map { SafetensorsTensor($0, shape: [1], [Float(1)]) }, metadata: ["a:{": "}:\"\\"], to: path
        )
        #expect(try SafetensorsReader(path).names == names.sorted())
    }

    /// A file that was cut short or goes on after its end, however long its tensors claim to be.
    @Test(arguments: [0, 7, 8, 9, 61, 62, 63, 65, 67, 200]) func otherLengthsAreRefused(length: Int) throws {
        let json = #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
        let whole = try file(json: json, data: [0, 0, 0, 0])
        var bytes = try Array(Data(contentsOf: URL(fileURLWithPath: whole)))
        #expect(bytes.count == 66)
        bytes = Array((bytes + Array(repeating: 0, count: 200)).prefix(length))
        let path = try temporary.write(bytes, to: "other.safetensors")
        #expect(throws: SafetensorsError.self) { _ = try SafetensorsReader(path) }
    }

    /// A checksum taken while writing is that of the file.
    @Test func allBytesAreShownInOrder() throws {
        let path = temporary.file("shown.safetensors")
        var shown: [UInt8] = []
        try SafetensorsWriter.write(
            [
                SafetensorsTensor("x", shape: [3], [Float(1), 2, 3]),
                SafetensorsTensor("y", shape: [1], [Double(4)]),
            ], to: path
        ) { shown += $0 }
        #expect(try shown == Array(Data(contentsOf: URL(fileURLWithPath: path))))
    }

    /// What the system refuses is told in its words, with the file's own name.
    @Test func refusalsAreReported() throws {
        let place = temporary.file("no/folder.safetensors")
        #expect(throws: SafetensorsError.unwritable(place, reason: "No such file or directory")) {
            try SafetensorsWriter.write([SafetensorsTensor("x", shape: [1], [Float(1)])], to: place)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty)
    }

    /// Types that are not read here do not spoil the rest of a file.
    @Test func otherTypesAreListed() throws {
        let path = try file(
            json: #"{"h":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0])
        let reader = try SafetensorsReader(path)
        #expect(reader.typeName(of: "h") == "F8_E4M3")
        #expect(throws: SafetensorsError.typeMismatch("h", expected: "F32", found: "F8_E4M3")) {
            try reader.numbers("h", as: Float.self)
        }
    }

    /// 1, the least subnormal, the greatest number and −0, infinity, NaN; each type's own bits.
    @Test func halvesWidenWithoutAnError() throws {
        let halves: [UInt16] = [0x3C00, 0x0001, 0x7BFF, 0x8000, 0x7C00, 0x7E01]
        let brains: [UInt16] = [0x3F80, 0x0001, 0x7F7F, 0x8000, 0x7F80, 0x7FC1]
        let path = try file(
            json: #"{"h":{"dtype":"F16","shape":[6],"data_offsets":[0,12]},"#
                + #""b":{"dtype":"BF16","shape":[2,3],"data_offsets":[12,24]}}"#,
            data: (halves + brains).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
        let reader = try SafetensorsReader(path)
        let found = (try reader.numbers("h", as: Double.self), try reader.numbers("b", as: Double.self))
        #expect(found.0.prefix(5) == [1, 0x1p-24, 65504, -0.0, .infinity] && found.0[5].isNaN)
        #expect(found.1.prefix(5) == [1, 0x1p-133, 0x1.FEp127, -0.0, .infinity] && found.1[5].isNaN)
        #expect(found.0[3].sign == .minus && found.1[3].sign == .minus)
        #expect(try reader.numbers("b", as: Float.self).prefix(3) == [1, 0x1p-133, 0x1.FEp127])
        // As they lie in the file they are no type of Swift's.
        #expect(throws: SafetensorsError.typeMismatch("h", expected: "F32", found: "F16")) {
            try reader.elements("h", as: Float.self)
        }
    }

    @Test func numbersComeFromEveryFloatingType() throws {
        let path = temporary.file("numbers.safetensors")
        try SafetensorsWriter.write(
            [
                SafetensorsTensor("f", shape: [2], [Float(0.1), 2]),
                SafetensorsTensor("d", shape: [2], [0.1, 1e300]),
                SafetensorsTensor("i", shape: [1], [Int64(1)]),
            ], to: path)
        let reader = try SafetensorsReader(path)
        #expect(try reader.numbers("f", as: Double.self) == [Double(Float(0.1)), 2])
        #expect(try reader.numbers("d", as: Float.self) == [0.1, .infinity])
        #expect(throws: SafetensorsError.typeMismatch("i", expected: "F32", found: "I64")) {
            try reader.numbers("i", as: Double.self)
        }
        #expect(throws: SafetensorsError.tensorMissing("x", path: path)) {
            try reader.numbers("x", as: Double.self)
        }
    }

    @Test(arguments: [
        "[1]", "{", "", "{\"x\":1}", #"{"__metadata__":{"a":1}}"#,
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#,
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#,
        #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
        #"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
        #"{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#,
        #"{"x":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#,
        #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,  // past the end
        #"{"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#,  // bytes that nobody owns
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"x":{"dtype":"I64","shape":[1000000000000],"data_offsets":[0,8000000000000]}}"#,
        // A name twice, also written in another way: either entry alone would pass.
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0078":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}"#,
    ]) func strangersFilesAreRefused(json: String) throws {
        let path = try file(json: json, data: [0, 0, 0, 0])
        #expect(throws: SafetensorsError.self) { _ = try SafetensorsReader(path) }
    }

    @Test(arguments: [UInt64.max, 1 << 62, 1000, 100_000_001]) func headerLengthsAreChecked(length: UInt64)
        throws
    {
        let path = try file(json: "{}", data: [], length: length)
        #expect(throws: SafetensorsError.self) { _ = try SafetensorsReader(path) }
    }

    /// Nobody waits for the other end of a pipe.
    @Test func pipesAreRefused() throws {
        let path = temporary.file("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        #expect(throws: SafetensorsError.unreadable(path, reason: "it is not a regular file")) {
            _ = try SafetensorsReader(path)
        }
    }

    @Test func shortAndMissingFilesAreRefused() throws {
        let path = try temporary.write([1, 2, 3], to: "short")
        #expect(throws: SafetensorsError.malformed(path, reason: "3 bytes are too few for a header")) {
            _ = try SafetensorsReader(path)
        }
        let missing = temporary.file("missing")
        #expect(throws: SafetensorsError.fileMissing(missing)) { _ = try SafetensorsReader(missing) }
    }
}
