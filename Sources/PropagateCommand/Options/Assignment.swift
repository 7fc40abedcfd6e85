import Expressions

/// Names with their numbers, as `--let` and `--init` give them: `a=0.3`, or several between commas.
enum Assignment {
    /// In the order in which they were given.
    ///
    /// - Throws: `AssignmentError`.
    static func all(in words: [String], of option: String) throws -> [(name: String, text: String)] {
        var found: [(name: String, text: String)] = []
        for word in words.flatMap(pieces) {
            let (name, text) = try parted(word, of: option)
            guard !found.contains(where: { $0.name == name }) else {
                throw AssignmentError.twice(option: option, name: name)
            }
            found.append((name, text))
        }
        return found
    }

    /// Every name with its several values: `a=0,0.5` and `a=0 a=0.5` both give a two of them.
    ///
    /// - Throws: `AssignmentError`.
    static func alternatives(
        in words: [String], of option: String
    ) throws -> [(name: String, values: [String])] {
        var found: [(name: String, values: [String])] = []
        for word in words {
            var name: String?
            for piece in pieces(of: word) {
                if let known = name, !piece.contains("=") {
                    if let place = found.firstIndex(where: { $0.name == known }) {
                        found[place].values.append(piece)
                    }
                    continue
                }
                let (own, text) = try parted(piece, of: option)
                name = own
                if let place = found.firstIndex(where: { $0.name == own }) {
                    found[place].values.append(text)
                } else {
                    found.append((own, [text]))
                }
            }
        }
        return found
    }

    /// The parts between commas outside brackets.
    static func pieces(of word: String) -> [String] {
        var pieces: [String] = []
        for part in word.split(separator: ",", omittingEmptySubsequences: false) {
            if let last = pieces.last, openBrackets(last) > 0 {
                pieces[pieces.count - 1] = "\(last),\(part)"
            } else {
                pieces.append(String(part))
            }
        }
        return pieces
    }

    /// Brackets that a text leaves open.
    static func openBrackets(_ text: String) -> Int {
        text.reduce(0) { $0 + ("([".contains($1) ? 1 : ")]".contains($1) ? -1 : 0) }
    }

    private static func parted(_ word: String, of option: String) throws(AssignmentError) -> (String, String)
    {
        let sides = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { throw .noAssignment(option: option, word: word) }
        var name = sides[0].trimmed
        if option == "init", name.hasPrefix("@") { name.removeFirst() }
        let text = sides[1].trimmed
        guard !text.isEmpty, let first = name.first, first.isLetter || first == "_",
            name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
        else { throw .noAssignment(option: option, word: word) }
        let taken = option == "let" && ExpressionReader.isTaken(name)
        guard !taken else { throw .takenName(option: option, name: name) }
        return (name, text)
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}

/// Why `--let` or `--init` name no numbers.
enum AssignmentError: Error, Equatable, CustomStringConvertible {
    case noAssignment(option: String, word: String)
    case twice(option: String, name: String)
    case takenName(option: String, name: String)
    case noNumber(option: String, name: String, text: String)

    var description: String {
        switch self {
        case .noAssignment(let option, let word):
            "--\(option) \(word) is no name with a number, as in --\(option) a=0.3."
        case .twice(let option, let name): "--\(option) gives \(name) two values, and it takes one."
        case .takenName(let option, let name):
            "--\(option) \(name)=… is impossible: \(name) has a meaning in formulas already."
        case .noNumber(let option, let name, let text): "--\(option) \(name)=\(text) is no finite number."
        }
    }
}
