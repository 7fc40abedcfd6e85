/// Lines of monospaced text.
enum TextLayout {
    /// Breaks at spaces, and within a word only if it is wider than a line.
    static func wrap(_ text: String, width: Int, indent: String = "") -> [String] {
        var lines: [String] = []
        var line = ""
        for word in words(text, atMost: max(1, width - indent.count)) {
            if line.isEmpty {
                line = indent + word
            } else if line.count + 1 + word.count <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = indent + word
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// Text that begins after `head` and goes on below its own beginning.
    static func hanging(_ head: String, _ text: String, width: Int) -> [String] {
        let indent = String(repeating: " ", count: head.count)
        // Where the head leaves no room, lines get longer rather than words cut to pieces.
        let lines = wrap(text, width: max(width, head.count + 12), indent: indent)
        guard let first = lines.first else { return [head] }
        return [head + first.dropFirst(head.count)] + lines.dropFirst()
    }

    private static func words(_ text: String, atMost width: Int) -> [Substring] {
        text.split(whereSeparator: \.isWhitespace).flatMap { word in
            var rest = word
            var pieces: [Substring] = []
            while rest.count > width {
                pieces.append(rest.prefix(width))
                rest = rest.dropFirst(width)
            }
            return pieces + [rest]
        }
    }

    /// Puts whole items on as few lines as they need, `gap` between two of one line.
    static func flow(_ items: [String], gap: String, width: Int) -> [[String]] {
        var lines: [[String]] = []
        var used = 0
        for item in items {
            if let last = lines.indices.last, used + gap.count + item.count <= width {
                lines[last].append(item)
                used += gap.count + item.count
            } else {
                lines.append([item])
                used = item.count
            }
        }
        return lines
    }

    /// Items as lines of text; one that is wider than a line goes on in the next.
    static func flowed(_ items: [String], gap: String, width: Int) -> [String] {
        flow(items, gap: gap, width: width).map { $0.joined(separator: gap) }
            .flatMap { $0.count <= width ? [$0] : wrap($0, width: width) }
    }

    /// Says which columns a table had no room for; empty where it had room for all.
    static func leftOut(_ columns: [String], width: Int) -> [String] {
        columns.isEmpty
            ? [] : hanging(" not shown at this width: ", columns.joined(separator: ", "), width: width)
    }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    static func leftPadded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// One width for all, decimal points below each other; nulls stand where the last digit before the point
    /// stands.
    static func alignedAtPoint(_ texts: [String?], null: String) -> [String] {
        let parts = texts.map { text -> (whole: Substring, rest: Substring) in
            guard let text else { return (null[...], "") }
            let point = text.firstIndex { $0 == "." || $0 == "e" } ?? text.endIndex
            return (text[..<point], text[point...])
        }
        let whole = parts.map(\.whole.count).max() ?? 0
        let rest = parts.map(\.rest.count).max() ?? 0
        return parts.map { leftPadded(String($0.whole), to: whole) + padded(String($0.rest), to: rest) }
    }
}
