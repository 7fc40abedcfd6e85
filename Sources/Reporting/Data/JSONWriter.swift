/// Writes a `JSONValue` as text (RFC 8259): two-space indentation, and every array element that holds only
/// scalars on a line of its own, so that a table of a thousand rows stays readable and can be compared by line.
struct JSONWriter {
    private(set) var text = ""

    /// The document, with a final newline.
    static func write(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.append(value, depth: 0, isElement: false)
        return writer.text + "\n"
    }

    private mutating func append(_ value: JSONValue, depth: Int, isElement: Bool) {
        switch value {
        case .array(let elements):
            let onOneLine = isElement && elements.allSatisfy(\.isScalar)
            appendContainer("[", elements, "]", depth: depth, onOneLine: onOneLine) { writer, element in
                writer.append(element, depth: depth + 1, isElement: true)
            }
        case .object(let members):
            let onOneLine = isElement && members.allSatisfy(\.value.isScalar)
            appendContainer("{", members, "}", depth: depth, onOneLine: onOneLine) { writer, member in
                writer.appendString(member.key)
                writer.text += ": "
                writer.append(member.value, depth: depth + 1, isElement: false)
            }
        default: appendScalar(value)
        }
    }

    private mutating func appendContainer<Item>(
        _ open: String, _ items: [Item], _ close: String, depth: Int, onOneLine: Bool,
        item append: (inout JSONWriter, Item) -> Void
    ) {
        text += open
        for (index, item) in items.enumerated() {
            if index > 0 { text += onOneLine ? ", " : "," }
            if !onOneLine { breakLine(depth: depth + 1) }
            append(&self, item)
        }
        if !onOneLine, !items.isEmpty { breakLine(depth: depth) }
        text += close
    }

    private mutating func breakLine(depth: Int) {
        text += "\n"
        for _ in 0..<depth { text += "  " }
    }

    private mutating func appendScalar(_ value: JSONValue) {
        switch value {
        case .boolean(let truth): text += truth ? "true" : "false"
        case .integer(let integer): text += integer.description
        // `description` is the shortest decimal that reads back as the same Double.
        case .number(let number): text += number.isFinite ? number.description : "null"
        case .string(let string): appendString(string)
        case .null, .array, .object: text += "null"
        }
    }

    private mutating func appendString(_ string: String) {
        text += "\""
        defer { text += "\"" }
        // Keys and most values need no escape, and a long report is mostly keys.
        guard string.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C || $0 == 0x7F }) else {
            text += string
            return
        }
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7F}":
                let hexadecimal = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension JSONValue {
    /// The document as text, with a final newline.
    public var text: String { JSONWriter.write(self) }
}
