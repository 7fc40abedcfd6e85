import Foundation

/// An option with its several values.
struct SweepAxis: Equatable {
    let name: String
    let values: [String]
    /// What an option's value has before one of these: `a=` of the number that is named a.
    let prefix: String

    /// More values than this are a slip of the hand.
    private static let valueLimit = 10_000

    /// - Parameter words: what was said, each a value, a list “20,56,110” or a range “0-4”.
    init(name: String, words: [String], prefix: String = "") throws {
        let values = try words.flatMap { Self.pieces(of: $0, in: name) }.flatMap {
            try Self.expanded($0, of: name)
        }
        var seen: Set<String> = []
        for value in values where !seen.insert(value).inserted {
            throw SweepError.repeatedValue(option: name, value: value)
        }
        self.name = name
        self.values = values
        self.prefix = prefix
    }

    /// The parts between commas. A number after a word belongs to it, as in `scale0.5,0.5`, and what an open bracket leaves
    /// unfinished, as in `expr: max(x, 0.1*x)`.
    private static func pieces(of word: String, in name: String) -> [String] {
        var pieces: [String] = []
        for part in word.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            if let last = pieces.last,
                Assignment.openBrackets(last) > 0
                    || name == "shortcut" && Double(part) != nil && last.first?.isLetter == true
            {
                pieces[pieces.count - 1] = "\(last),\(part)"
            } else {
                pieces.append(part)
            }
        }
        return pieces
    }

    private static func expanded(_ piece: String, of name: String) throws -> [String] {
        let ends = piece.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = UInt64(ends[0]), let last = UInt64(ends[1]) else { return [piece] }
        guard first <= last, last - first < UInt64(valueLimit) else {
            throw SweepError.impossibleRange(option: name, range: piece)
        }
        return (first...last).map(String.init)
    }
}

/// Why a sweep cannot be run as it was asked for.
enum SweepError: Error, Equatable, CustomStringConvertible {
    case repeatedValue(option: String, value: String)
    case impossibleRange(option: String, range: String)
    case operand(String)
    case twoKindsOfSeeds
    case severalThreadCounts
    case tooManyCells(Int)
    case impossibleCell(String, reason: String)
    case unknownAxis(String, known: [String])
    case oneAxisTwice(String)
    case unknownQuantity(String, closest: String?, known: [String])

    var description: String {
        switch self {
        case .repeatedValue(let option, let value): "--\(option) names \(value) twice."
        case .impossibleRange(let option, let range):
            "--\(option) \(range) is no range: it runs upwards, over at most 10,000 values."
        case .operand(let word): "Unexpected argument '\(word)': a sweep is told by options alone."
        case .twoKindsOfSeeds: "--seeds counts seeds from one on, so --seed must name one value beside it."
        case .severalThreadCounts: "--threads must be one value: it is shared by all cells."
        case .tooManyCells(let count): "The grid has \(count) cells, and at most 10000 are possible."
        case .impossibleCell(let cell, let reason): "\(cell): \(reason)"
        case .unknownAxis(let name, let known):
            "--\(name) has not several values here"
                + (known.isEmpty ? "." : "; those that have are: \(known.joined(separator: ", ")).")
        case .oneAxisTwice(let name): "--rows and --columns are both \(name)."
        case .unknownQuantity(let name, let closest, let known):
            "Unknown quantity “\(name)”" + (closest.map { "; did you mean \($0)?" } ?? ".")
                + " Known are: \(known.joined(separator: ", "))."
        }
    }
}
