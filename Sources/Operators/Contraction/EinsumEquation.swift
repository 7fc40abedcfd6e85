import Tensors

/// The labels of axes that an equation such as `bij,bjk->bik` gives to operands and result.
///
/// An ellipsis stands for axes in any number, which are stretched to each other. Without an arrow the result has the
/// ellipsis and then, in alphabetical order, every letter that occurs once.
struct EinsumEquation: Sendable, Hashable {
    enum Symbol: Sendable, Hashable {
        case letter(Character)
        case ellipsis
    }

    let operands: [[Symbol]]
    let result: [Symbol]

    /// - Throws: what is wrong with it, as the requirement of an attribute.
    init(_ equation: String) throws(Malformed) {
        let sides = equation.filter { $0 != " " }.split(separator: "->", omittingEmptySubsequences: false)
        guard sides.count <= 2, let left = sides.first else {
            throw Malformed("an arrow stands at most once")
        }
        var operands: [[Symbol]] = []
        for term in left.split(separator: ",", omittingEmptySubsequences: false) {
            operands.append(try Self.symbols(term))
        }
        let all = operands.joined()
        self.operands = operands
        guard sides.count == 2 else {
            var counts: [Symbol: Int] = [:]
            for symbol in all { counts[symbol, default: 0] += 1 }
            let letters = counts.compactMap { symbol, count -> Character? in
                if case .letter(let letter) = symbol, count == 1 { letter } else { nil }
            }
            result = (all.contains(.ellipsis) ? [.ellipsis] : []) + letters.sorted().map { .letter($0) }
            return
        }
        result = try Self.symbols(sides[1])
        guard Set(result).count == result.count, Set(result).isSubset(of: all) else {
            throw Malformed("the result has letters of the operands, each once")
        }
    }

    struct Malformed: Error {
        let requirement: String
        init(_ requirement: String) { self.requirement = requirement }
    }

    private static func symbols(_ term: Substring) throws(Malformed) -> [Symbol] {
        let parts = term.split(separator: "...", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw Malformed("an operand has one ellipsis at most") }
        guard parts.joined().allSatisfy({ $0.isASCII && $0.isLetter }) else {
            throw Malformed("axes are letters")
        }
        var symbols: [Symbol] = []
        for (index, part) in parts.enumerated() {
            if index > 0 { symbols.append(.ellipsis) }
            symbols += part.map { .letter($0) }
        }
        return symbols
    }

    /// Whether there is one operand, and the result has its axes, each once, in whatever order.
    var isPermutation: Bool {
        operands.count == 1 && Set(operands[0]).count == operands[0].count && Set(operands[0]) == Set(result)
    }
}

extension EinsumEquation {
    /// The equation at operands of given shapes: every axis with a label of its own.
    struct Resolved {
        /// Where the elements of every operand stand, by label.
        var operands: [Labelled]
        var result: [AxisLabel]
        var extents: [AxisLabel: Int]
    }

    /// - Returns: `nil` where the shapes do not fit.
    func resolved(_ shapes: [Shape]) -> Resolved? {
        guard shapes.count == operands.count else { return nil }
        var extents: [AxisLabel: Int] = [:]
        var labels: [[AxisLabel]] = []
        for (symbols, shape) in zip(operands, shapes) {
            let hidden = shape.rank - symbols.count { $0 != .ellipsis }
            guard symbols.contains(.ellipsis) ? hidden >= 0 : hidden == 0 else { return nil }
            let own = Self.labels(of: symbols, hidden: hidden)
            for (axis, label) in own.enumerated() {
                let (known, extent) = (extents[label], shape[axis])
                let stretches = label.isHidden && (known == 1 || extent == 1)
                guard known == nil || known == extent || stretches else { return nil }
                extents[label] = stretches && known != nil && known != 1 ? known : extent
            }
            labels.append(own)
        }
        let hidden = extents.keys.count { $0.isHidden }
        return Resolved(
            operands: zip(labels, shapes).map { Labelled($0, of: $1, stretchedTo: extents) },
            result: Self.labels(of: result, hidden: hidden), extents: extents)
    }

    /// Axes behind an ellipsis are counted from the last one on.
    private static func labels(of symbols: [Symbol], hidden: Int) -> [AxisLabel] {
        symbols.flatMap { symbol -> [AxisLabel] in
            switch symbol {
            case .letter(let letter): [.letter(letter)]
            case .ellipsis: (0..<hidden).reversed().map { .hidden($0) }
            }
        }
    }
}
