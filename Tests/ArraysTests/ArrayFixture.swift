import Arrays
import Foundation
import Testing

/// Files of `Scripts/onnx/make_array_fixtures.py`, and what numpy put into them.
struct ArrayFixture: Sendable, CustomStringConvertible {
    struct Content: Decodable, Sendable {
        let name: String
        let shape: [Int]
        /// `single`, `double` or `whole`.
        let kind: String
        let numbers: [String]

        /// Whether these are the numbers, bit for bit.
        func agrees(with numbers: NamedArray.Numbers) -> Bool {
            switch numbers {
            case .single(let found): kind == "single" && self.numbers.elementsEqual(found, by: Self.isSame)
            case .double(let found): kind == "double" && self.numbers.elementsEqual(found, by: Self.isSame)
            case .whole(let found): kind == "whole" && self.numbers == found.map { "\($0)" }
            }
        }

        private static func isSame<Number: BinaryFloatingPoint & LosslessStringConvertible>(
            _ text: String, _ number: Number
        ) -> Bool {
            guard let expected = Number(text) else { return false }
            return expected.isNaN
                ? number.isNaN : expected == number && expected.sign == number.sign
        }
    }

    let file: String
    let contents: [Content]

    var description: String { file }
    var path: String { Self.path(file) }

    static func path(_ file: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(file)").path
    }

    static let all: [ArrayFixture] = {
        let file = URL(filePath: path("contents.json"))
        let contents = try? JSONDecoder().decode([String: [Content]].self, from: Data(contentsOf: file))
        return (contents ?? [:]).map { ArrayFixture(file: $0.key, contents: $0.value) }.sorted {
            $0.file < $1.file
        }
    }()
}

/// What a refusal says, without the folder of the file.
func sentence(_ path: String) -> String {
    do {
        _ = try NamedArrays(readingFrom: path)
        return "none"
    } catch {
        return "\(error)".replacingOccurrences(
            of: (path as NSString).deletingLastPathComponent + "/", with: "")
    }
}
