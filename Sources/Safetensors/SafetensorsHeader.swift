#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The checked table of contents of a safetensors file.
struct SafetensorsHeader: Equatable {
    /// Where a tensor lies, in bytes from the end of the header.
    struct Entry: Equatable {
        /// The format's name for the type: also of those that are not read here.
        let type: String
        let shape: [Int]
        let bytes: Range<Int>
    }

    let entries: [String: Entry]
    let metadata: [String: String]

    /// Parses the header and checks that the tensors cover `dataLength` bytes without
    /// gap or overlap, as the reference implementation demands. Returns the reason as
    /// an error's text otherwise.
    init(json: [UInt8], dataLength: Int) throws(Malformed) {
        guard json.first == UInt8(ascii: "{") else { throw Malformed("its header is no JSON object") }
        let parsed: Parsed
        do {
            parsed = try JSONDecoder().decode(Parsed.self, from: Data(json))
        } catch {
            throw Malformed("its header cannot be read as JSON of this format")
        }
        // A decoder keeps one of two tensors of a name; which, its users cannot know.
        guard JSONText.namesAtTop(of: json) == parsed.count else {
            throw Malformed("its header has two entries of one name")
        }
        metadata = parsed.metadata
        entries = try parsed.tensors.mapValuesThrowing(Self.checked)
        try Self.checkCover(entries.values.map(\.bytes), dataLength)
    }

    /// Why a header was refused.
    struct Malformed: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private static func checked(_ name: String, _ parsed: ParsedEntry) throws(Malformed) -> Entry {
        let offsets = parsed.dataOffsets
        guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
            throw Malformed("tensor \(name) has the offsets \(offsets)")
        }
        if let type = SafetensorsType(rawValue: parsed.dtype) {
            guard let count = type.byteCount(ofShape: parsed.shape) else {
                throw Malformed("tensor \(name) has the impossible shape \(parsed.shape)")
            }
            guard count == offsets[1] - offsets[0] else {
                throw Malformed(
                    "tensor \(name) of shape \(parsed.shape) needs \(count) bytes and has \(offsets[1] - offsets[0])"
                )
            }
        }
        return Entry(type: parsed.dtype, shape: parsed.shape, bytes: offsets[0]..<offsets[1])
    }

    private static func checkCover(_ ranges: [Range<Int>], _ length: Int) throws(Malformed) {
        var end = 0
        for range in ranges.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
            guard range.lowerBound == end else {
                throw Malformed("its tensors leave a gap or overlap at byte \(end)")
            }
            end = range.upperBound
        }
        guard end == length else {
            throw Malformed("its tensors cover \(end) bytes and the file holds \(length)")
        }
    }
}

extension Dictionary where Key == String {
    /// `mapValues` with the key and a typed error.
    fileprivate func mapValuesThrowing<Result, Failure: Error>(
        _ transform: (String, Value) throws(Failure) -> Result
    ) throws(Failure) -> [String: Result] {
        var result: [String: Result] = [:]
        result.reserveCapacity(count)
        for (key, value) in self { result[key] = try transform(key, value) }
        return result
    }
}

/// A tensor as the JSON has it, unchecked.
private struct ParsedEntry: Decodable {
    let dtype: String
    let shape: [Int]
    let dataOffsets: [Int]

    enum CodingKeys: String, CodingKey {
        case dtype
        case shape
        case dataOffsets = "data_offsets"
    }
}

/// The whole JSON: tensors by name, and `__metadata__`, which is of another type.
private struct Parsed: Decodable {
    var tensors: [String: ParsedEntry] = [:]
    var metadata: [String: String] = [:]
    /// Of all entries.
    var count = 0

    struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        count = container.allKeys.count
        for name in container.allKeys {
            if name.stringValue == "__metadata__" {
                metadata = try container.decode([String: String].self, forKey: name)
            } else {
                tensors[name.stringValue] = try container.decode(ParsedEntry.self, forKey: name)
            }
        }
    }
}
