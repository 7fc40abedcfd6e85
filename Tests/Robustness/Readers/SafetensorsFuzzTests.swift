import Files
import Foundation
import FuzzSupport
import Testing

@testable import Safetensors

/// Safetensors files: the header by itself, and whole files.
@Suite struct SafetensorsFuzzTests {
    private static let words = [
        "F32", "F64", "I64", "BF16", "\"dtype\":", "\"shape\":[", "\"data_offsets\":[", "__metadata__", "{",
        "}", "[", "]",
        ",", ":", "\"", "\\u0000", "-1", "9223372036854775807", "18446744073709551616", "1e308", "null",
        "[[[[[[[[",
    ].map { Array($0.utf8) }

    private static let headers = [
        #"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F64","shape":[],"data_offsets":[24,32]}}"#,
        #"{"__metadata__":{"depth":"20","shortcut":"scale0.5"},"x":{"dtype":"I64","shape":[4],"data_offsets":[0,32]}}"#,
        #"{"e":{"dtype":"F32","shape":[0,7],"data_offsets":[0,0]},"h":{"dtype":"F16","shape":[16],"data_offsets":[0,32]}}"#,
        "{}",
    ].map { Array($0.utf8) }

    @Test func headers() throws {
        try FuzzCampaign("safetensors header", .cheap).run(
            corpus: Self.headers, dictionary: Self.words, refusals: [SafetensorsHeader.Malformed.self]
        ) { json in
            let header = try SafetensorsHeader(json: json, dataLength: 32)
            // What is accepted covers the data without gap or overlap, each tensor with the bytes of its shape.
            var end = 0
            for entry in header.entries.values.sorted(by: {
                ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
            }) {
                #expect(entry.bytes.lowerBound == end)
                end = entry.bytes.upperBound
                if let type = SafetensorsType(rawValue: entry.type) {
                    #expect(type.byteCount(ofShape: entry.shape) == entry.bytes.count)
                }
            }
            #expect(end == 32)
        }
    }

    @Test func files() throws {
        let scratch = try ScratchFile("safetensors")
        let corpus = Self.headers.map { header in
            withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
                + (0..<32).map { UInt8($0) }
        }
        try FuzzCampaign("safetensors file", .dear).run(
            corpus: corpus, dictionary: Self.words, refusals: [SafetensorsError.self]
        ) { bytes in
            try scratch.write(bytes)
            let reader = try SafetensorsReader(scratch.path)
            for name in reader.names {
                let count = reader.shape(of: name)?.reduce(1, *)
                switch reader.typeName(of: name) {
                case "F32": #expect(try reader.elements(name, as: Float.self).count == count)
                case "F64": #expect(try reader.elements(name, as: Double.self).count == count)
                default: break
                }
            }
        }
    }
}
