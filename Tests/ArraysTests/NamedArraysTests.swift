import Arrays
import Foundation
import TemporaryFolders
import Tensors
import Testing

/// Whole files, of every format.
struct NamedArraysTests {
    @Test func fixturesAreThere() { #expect(ArrayFixture.all.count == 10) }

    @Test("Arrays are what numpy put into the file", arguments: ArrayFixture.all)
    func contents(fixture: ArrayFixture) throws {
        let found = try NamedArrays(readingFrom: fixture.path)
        #expect(found.format.rawValue == (fixture.file as NSString).pathExtension)
        #expect(found.names == fixture.contents.map(\.name))
        for (array, expected) in zip(found.arrays, fixture.contents) {
            #expect(array.shape == Shape(axes: expected.shape), "\(expected.name)")
            #expect(expected.agrees(with: array.numbers), "\(expected.name): \(array.numbers)")
        }
    }

    @Test("Arrays are asked for by name, in the precision of the run")
    func access() throws {
        let arrays = try NamedArrays(readingFrom: ArrayFixture.path("types.npz"))
        #expect(arrays["nothing"] == nil)
        let fine = try #require(arrays["fine"])
        #expect(fine.tensor(of: Double.self)?.elements == [0.1, 1e-300, 1e308])
        #expect(fine.tensor(of: Float.self)?.elements == [0.1, 0, .infinity])
        #expect(fine.wholes == nil)
        let half = try #require(arrays["f2"])
        #expect(half.tensor(of: Double.self)?.elements[4] == 65504)
        #expect(half.tensor(of: Float.self)?.shape == Shape(axes: [10]))
        let condition = try #require(arrays["bool"])
        #expect(condition.wholes == [1, 0, 0, 1] && condition.tensor(of: Float.self) == nil)
    }

    @Test("Arrays of something else than numbers are refused with what they hold")
    func otherNumbers() {
        let notes = [
            "objects": "Python objects; save numbers", "text": "text; save numbers",
            "bytes": "text; save numbers",
            "complex": "complex numbers; save real ones", "times": "dates or times; save numbers",
            "records": "records of several fields; save each as an array",
            "long": "floats of 16 bytes; save float64",
            "raw": "bytes of a type that numpy does not have, as bfloat16; save float32",
            "large": "whole numbers beyond 2^63 − 1; save int64",
        ]
        for (name, note) in notes {
            #expect(
                sentence(ArrayFixture.path("refused-\(name).npy"))
                    == "The array refused-\(name) of refused-\(name).npy holds \(note).")
        }
    }

    @Test("Files of other formats are named")
    func otherFormats() throws {
        let folder = try TemporaryFolder()
        func note(_ start: [UInt8], _ name: String = "b.npz") throws -> String {
            try Data(start).write(to: folder.url.appending(path: name))
            return sentence(folder.path(name))
        }
        let refusal = "b.npz is not of the formats that arrays are read from (.npy, .npz, .safetensors)"
        #expect(try note([]) == refusal + ": it is empty.")
        #expect(
            try note([0x80, 4, 0x95]) == refusal
                + ": it is a pickle, which could run any program; save its arrays with numpy.savez.")
        #expect(try note([0x89, 0x50, 0x4E, 0x47, 0x0D]) == refusal + ": it is a PNG image.")
        #expect(try note([0x1F, 0x8B, 8]) == refusal + ": it is compressed by gzip; unpack it.")
        #expect(try note(Array("1, 2, 3\n".utf8)) == refusal + ": it is text; save arrays with numpy.savez.")
        #expect(try note([8, 10, 18, 7, 112, 121, 116, 0xFF]) == refusal + ".")
        #expect(
            try note(Array("version https://git-lfs.github.com/spec/v1\n".utf8)) == refusal
                + ": it is a pointer of Git LFS; fetch the file that it stands for.")
        #expect(sentence(folder.path("c.npz")) == "There is no file c.npz.")
        #expect(sentence(folder.url.path).hasSuffix("cannot be read: it is not a regular file."))
        #expect(
            try note([], "b.safetensors")
                == "b.safetensors is not a valid safetensors file: 0 bytes are too few for a header.")
    }

    /// Wherever a file ends too early, it is refused, and with an error of the reader.
    @Test("Files that are cut short are refused", arguments: ArrayFixture.all)
    func truncation(fixture: ArrayFixture) throws {
        let folder = try TemporaryFolder()
        let bytes = try Data(contentsOf: URL(filePath: fixture.path))
        let name = "cut." + (fixture.file as NSString).pathExtension
        for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
            try bytes.prefix(length).write(to: folder.url.appending(path: name))
            #expect(throws: ArrayError.self, "\(length) bytes") {
                try NamedArrays(readingFrom: folder.path(name))
            }
        }
    }

    @Test("Tensors of safetensors files that no network computes with are refused")
    func safetensors() throws {
        let folder = try TemporaryFolder()
        func file(_ json: String, _ data: [UInt8]) throws -> String {
            let length = withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { Array($0) }
            try Data(length + Array(json.utf8) + data).write(to: folder.url.appending(path: "b.safetensors"))
            return sentence(folder.path("b.safetensors"))
        }
        #expect(
            try file(#"{"x":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}"#, [0, 0])
                == "The array x of b.safetensors holds elements of type F8_E4M3; save float32.")
        #expect(
            try file(#"{"x":{"dtype":"I16","shape":[2],"data_offsets":[0,2]}}"#, [0, 0])
                == "The array x of b.safetensors is cut short: its shape (2) needs 4 bytes, and 2 are there.")
        #expect(
            try file(#"{"x":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}"#, [0])
                == "The array x of b.safetensors has 9 axes, and at most 8 are read.")
        #expect(
            try file(#"{"x":{"dtype":"U8","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}"#, [])
                == "The array x of b.safetensors has a shape that no array has.")
        #expect(
            try file(#"{"x\u001b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, [0])
                == #"b.safetensors has “x\x1B”, which cannot name an array."#)
        #expect(try file("{}", []) == "b.safetensors holds no array.")
    }
}
