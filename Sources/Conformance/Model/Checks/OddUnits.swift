import Graphs

extension ModelStructure {
    /// Units that are unlike the others of their stage, where those are alike: with equal operators, or in a period, as
    /// attention and feed-forward units alternate.
    ///
    /// Units of different stages may slide other windows: those that change the size are held against each other, and those
    /// of stages that have too few of their own against all that keep it, by the names of their operators. Of the first
    /// unit, what stands before its first weight layer is its own. What differs from the others in more than a whole branch
    /// is another kind of unit.
    var oddUnits: [StructureFinding] {
        let stages = Dictionary(grouping: units.filter(\.keepsShape), by: \.stage).values
        let large = stages.filter { $0.count >= Self.fewest }
        let small = stages.filter { $0.count < Self.fewest }.flatMap(\.self)
        let found =
            large.flatMap { odd(among: $0) } + odd(small, against: units.filter(\.keepsShape))
            + oddTransitions
        return found.sorted { ($0.units[0], $0.sentence) < ($1.units[0], $1.sentence) }
    }

    /// Fewer units show no pattern.
    private static let fewest = 3
    /// No longer ones are looked for.
    private static let longestPeriod = 12

    /// Those of a stage that break its pattern: the shortest period that all but few keep to.
    private func odd(among stage: [UnitStructure]) -> [StructureFinding] {
        let stage = stage.sorted { $0.index < $1.index }
        var candidate: [StructureFinding]?
        for period in 1...max(1, min(Self.longestPeriod, stage.count / Self.fewest)) {
            guard let found = exceptions(in: stage, period: period) else { continue }
            // A longer period that all keep to explains more than a shorter one with exceptions.
            if found.isEmpty { return [] }
            candidate = candidate ?? found
        }
        return candidate ?? []
    }

    /// `nil` where too many units do not keep to a period for it to be one.
    private func exceptions(in stage: [UnitStructure], period: Int) -> [StructureFinding]? {
        var found: [StructureFinding] = []
        for phase in 0..<period {
            let members = stride(from: phase, to: stage.count, by: period).map { stage[$0] }
            let patterns = members.map { pattern($0) }
            guard let usual = patterns.mostFrequent(), let place = patterns.firstIndex(of: usual) else {
                return nil
            }
            let others = members.filter { !isUsual(pattern($0), usual, isFirst: $0.index == 0) }
            guard others.count <= max(1, members.count / 5) else { return nil }
            found += others.compactMap { finding($0, unlike: members[place], atMost: usual.branch.count + 2) }
        }
        return found
    }

    /// Of small stages the unit that is unlike all that keep the size, where those are alike.
    private func odd(_ few: [UnitStructure], against all: [UnitStructure]) -> [StructureFinding] {
        let patterns = all.map { pattern($0, ofOperatorsAlone: true) }
        guard all.count > Self.fewest, let usual = patterns.mostFrequent(),
            let place = patterns.firstIndex(of: usual)
        else { return [] }
        let others = zip(all, patterns).filter { !isUsual($1, usual, isFirst: $0.index == 0) }.map(\.0)
        guard others.count == 1, few.contains(where: { $0.index == others[0].index }) else { return [] }
        return [finding(others[0], unlike: all[place], ofOperatorsAlone: true, atMost: 3)].compactMap(\.self)
    }

    private var oddTransitions: [StructureFinding] {
        let all = units.filter { !$0.keepsShape && $0.index > 0 }
        let patterns = all.map { pattern($0, ofOperatorsAlone: true) }
        guard all.count >= Self.fewest, let usual = patterns.mostFrequent(),
            let place = patterns.firstIndex(of: usual)
        else { return [] }
        let others = zip(all, patterns).filter { !isUsual($1, usual, isFirst: false) }.map(\.0)
        guard others.count == 1 else { return [] }
        return [finding(others[0], unlike: all[place], ofOperatorsAlone: true, atMost: 3)].compactMap(\.self)
    }

    private struct Pattern: Hashable {
        var shortcut: [OperatorSignature]
        var branch: [OperatorSignature]
        /// `nil` where it is a stretch between stages, or the last one.
        var after: [OperatorSignature]?
        var operands: [Int]
    }

    /// - Parameter ofOperatorsAlone: whether windows count for nothing.
    private func pattern(_ unit: UnitStructure, ofOperatorsAlone: Bool = false) -> Pattern {
        func run(_ operators: [OperatorSignature]) -> [OperatorSignature] {
            ofOperatorsAlone ? operators.map(\.withoutWindow) : operators
        }
        let isLast = unit.index + 1 == units.count
        return Pattern(
            shortcut: run(unit.shortcut), branch: run(unit.branch),
            after: unit.isTransition || isLast ? nil : run(unit.after),
            operands: [unit.shortcutOperands, unit.branchOperands])
    }

    private func isUsual(_ own: Pattern, _ usual: Pattern, isFirst: Bool) -> Bool {
        own.shortcut == usual.shortcut && own.operands == usual.operands
            && (own.after == nil || usual.after == nil || own.after == usual.after)
            && (own.branch == usual.branch || isFirst && usual.branch.ends(with: own.branch))
    }

    /// - Parameter longest: operators that a part may differ in; `nil` is returned beyond.
    private func finding(
        _ unit: UnitStructure, unlike other: UnitStructure, ofOperatorsAlone: Bool = false,
        atMost longest: Int
    ) -> StructureFinding? {
        let own = pattern(unit, ofOperatorsAlone: ofOperatorsAlone)
        let usual = pattern(other, ofOperatorsAlone: ofOperatorsAlone)
        var differences = [
            ("h", RunDifference(own.shortcut, from: usual.shortcut)),
            ("F", RunDifference(own.branch, from: usual.branch)),
        ]
        if let after = own.after, let usual = usual.after {
            differences.append(("f", RunDifference(after, from: usual)))
        }
        guard differences.allSatisfy({ max($0.1?.own.count ?? 0, $0.1?.others.count ?? 0) <= longest }) else {
            return nil
        }
        var words = differences.compactMap { part, difference in difference?.sentence(of: part) }
        if own.operands != usual.operands {
            words.append(
                "its sum takes \(own.operands[0]) of h and \(own.operands[1]) of F, theirs \(usual.operands[0]) and "
                    + "\(usual.operands[1])")
        }
        return StructureFinding(
            .oddUnit, units: [unit.index], label: unit.label, values: unit.merges,
            "Unlike its neighbours, such as unit \(other.index) (\(other.label)): "
                + words.joined(separator: "; ") + ".")
    }
}

extension [OperatorSignature] {
    /// Whether these are another run's end, of which only normalisations and activations are missing at the beginning.
    fileprivate func ends(with other: [OperatorSignature]) -> Bool {
        other.count < count && Array(suffix(other.count)) == other
            && dropLast(other.count).allSatisfy { $0.role != .weightLayer }
    }
}
