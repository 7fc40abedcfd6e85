import Expressions

/// The position of a unit in its network: what l, L, s, n and t of a formula stand for.
public struct UnitPosition: Sendable, Hashable {
    /// l, counted from 0.
    public let index: Int
    /// L, the number of units.
    public let count: Int
    /// s, counted from 0.
    public let stage: Int
    /// n, channels of x_{l+1}.
    public let width: Int

    public init(index: Int, count: Int, stage: Int, width: Int) {
        self.index = index
        self.count = count
        self.stage = stage
        self.width = width
    }

    /// The numbers of all names but x; t = l/L.
    public var symbols: [Expression.Symbol: Double] {
        [
            .unit: Double(index), .units: Double(count), .stage: Double(stage), .width: Double(width),
            .depth: Double(index) / Double(max(1, count)),
        ]
    }
}

extension NetworkDesign {
    /// Of every unit, from the first to the last.
    public var positions: [UnitPosition] { (0..<unitCount).map(position(ofUnit:)) }

    /// - Parameter index: l.
    public func position(ofUnit index: Int) -> UnitPosition {
        var (stage, first) = (0, 0)
        while stage + 1 < unitsPerStage.count, index >= first + unitsPerStage[stage] {
            first += unitsPerStage[stage]
            stage += 1
        }
        return seenByFormulas(
            UnitPosition(
                index: index, count: unitCount, stage: stage,
                width: architecture.stages[stage].widths * baseWidth * block.expansion))
    }

    /// A position of this network as formulas see it.
    func seenByFormulas(_ own: UnitPosition) -> UnitPosition {
        guard let whole = represented else { return own }
        let count = whole.unitsPerStage.reduce(0, +)
        let before = unitsPerStage.prefix(own.stage).reduce(0, +)
        let first = whole.unitsPerStage.prefix(own.stage).reduce(0, +)
        let within = min(own.index - before, whole.unitsPerStage[own.stage] - 1)
        return UnitPosition(
            index: own.index >= unitCount ? count : first + max(0, within), count: count, stage: own.stage,
            width: own.width * whole.baseWidth / max(1, baseWidth))
    }

    /// The same with fewer units, or narrower, whose formulas see the positions and widths of this one.
    public func represented(by change: (inout NetworkDesign) -> Void) -> NetworkDesign {
        var smaller = self
        smaller.represented =
            represented ?? RepresentedUnits(unitsPerStage: unitsPerStage, baseWidth: baseWidth)
        change(&smaller)
        return smaller
    }
}

/// Units and base width of a design that a smaller one stands for.
struct RepresentedUnits: Sendable {
    let unitsPerStage: [Int]
    let baseWidth: Int
}
