/// Makes text safe for the place it is written to.
extension String {
    /// For XML and HTML, in element content and in attribute values. Control characters, which XML 1.0
    /// forbids even as references, become U+FFFD.
    var escapedForXML: String {
        // 0xC2 and 0xEF begin the encodings of what is replaced beyond ASCII. Most text holds none of these.
        guard
            utf8.contains(where: {
                $0 < 0x20 || [0x22, 0x26, 0x27, 0x3C, 0x3E, 0x7F, 0xC2, 0xEF].contains($0)
            })
        else { return self }
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            case "\n", "\t": text.unicodeScalars.append(scalar)
            case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{FFFE}", "\u{FFFF}": text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// For HTML, x_l and x_{l+1} set with subscripts. Only a single letter takes one: names like
    /// `forward_rms` stay as they are.
    var typesetForHTML: String {
        let escaped = escapedForXML
        // Nearly every cell of a table is a number: a search is much cheaper than the expression.
        guard escaped.utf8.contains(UInt8(ascii: "_")) else { return escaped }
        return escaped.replacing(String.subscripted) { match in
            let (_, before, base, long, short) = match.output
            return "\(before)\(base)<sub>\(long ?? short ?? "")</sub>"
        }
    }

    /// x_l, x_{l+1}, and F̂_i, whose hat is a scalar of its own.
    /// For SVG text, x_l and x_47 set with subscripts: smaller and lower, by means that every renderer has.
    ///
    /// - Parameter size: of the letters, in the drawing's units.
    func typesetForSVG(size: Double) -> String {
        let escaped = escapedForXML
        guard escaped.utf8.contains(UInt8(ascii: "_")) else { return escaped }
        let drop = ChartFrame.text(size * 0.22)
        let small = ChartFrame.text(size * 0.74)
        var text = ""
        var end = escaped.startIndex
        for match in escaped.matches(of: String.subscripted) {
            let (_, before, base, long, short) = match.output
            // What follows a subscript is lifted back to the line.
            text += lifted(
                escaped[end..<match.range.lowerBound] + before + base,
                by: end == escaped.startIndex ? nil : drop)
            text += "<tspan dy=\"\(drop)\" font-size=\"\(small)\">\(long ?? short ?? "")</tspan>"
            end = match.range.upperBound
        }
        return text + lifted(escaped[end...], by: end == escaped.startIndex ? nil : drop)
    }

    private func lifted(_ text: some StringProtocol, by height: String?) -> String {
        guard let height, !text.isEmpty else { return String(text) }
        // Renderers drop a space at the beginning of a span.
        let space = text.hasPrefix(" ") ? "\u{A0}" : ""
        return "<tspan dy=\"-\(height)\">\(space)\(text.dropFirst(space.count))</tspan>"
    }

    private static var subscripted: Regex<(Substring, Substring, Substring, Substring?, Substring?)> {
        /(^|[^A-Za-z0-9_])([A-Za-zλ]\u{302}?)_(?:\{([^{}]+)\}|([A-Za-z]|[0-9]+)(?![A-Za-z0-9_]))/
            .matchingSemantics(.unicodeScalar)
    }

    /// For running Markdown text and table cells: every character with a meaning there is escaped.
    var escapedForMarkdown: String {
        var text = ""
        for character in self {
            if character.isNewline {
                text += " "
            } else if "\\`*_[]<>&|#~$!".contains(character) {
                text += character == "&" ? "&amp;" : character == "<" ? "&lt;" : "\\\(character)"
            } else {
                text.append(character)
            }
        }
        return text
    }

    /// For a terminal: control characters could move the cursor or change its settings, and those that turn the
    /// direction of writing make one name look like another. They are shown by their numbers, such as `\\x1B`.
    public var withoutControlCharacters: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isControl {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                text +=
                    scalar.value < 0x100 ? "\\x" + (digits.count < 2 ? "0" : "") + digits : "\\u{\(digits)}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// As one word of a POSIX shell command.
    public var quotedForShell: String {
        let isPlain = allSatisfy { ($0.isASCII && ($0.isLetter || $0.isNumber)) || "-_./:=,+@%".contains($0) }
        guard !isPlain || isEmpty else { return self }
        // By code points: as a character a quotation mark has the accents in it that follow.
        let quoted = unicodeScalars.flatMap { $0 == "'" ? Array("'\\''".unicodeScalars) : [$0] }
        return "'" + String(String.UnicodeScalarView(quoted)) + "'"
    }

    /// The words of a shell command whose words were written with `quotedForShell`, or plainly.
    public var shellWords: [String] {
        var words: [String] = []
        var word: String.UnicodeScalarView?
        var isQuoted = false
        var isEscaped = false
        for scalar in unicodeScalars {
            if isEscaped {
                word = (word ?? .init()) + [scalar]
                isEscaped = false
            } else if scalar == "'" {
                isQuoted.toggle()
                word = word ?? .init()
            } else if isQuoted || (scalar != " " && scalar != "\\") {
                word = (word ?? .init()) + [scalar]
            } else if scalar == "\\" {
                isEscaped = true
            } else if let whole = word {
                words.append(String(whole))
                word = nil
            }
        }
        return words + (word.map { [String($0)] } ?? [])
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        switch value {
        case ..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
