import ResidualNetworks

/// f and h of units at the nodes of a grid, each made once for units that have them in common.
final class ElementTables {
    private let rules: UnitRules
    private var functions: [Int: ElementFunction] = [:]
    private var maps: [[Int]: ElementMap] = [:]
    /// Those of units that all differ are not kept.
    private static let capacity = 64

    init(_ rules: UnitRules) { self.rules = rules }

    /// f of a unit without its normalisation.
    func function(at position: UnitPosition) throws(PredictionError) -> any Activation {
        rules.order.contains(.activation)
            ? try rules.afterActivation(at: position) : PiecewiseLinearActivation(positive: 1, negative: 1)
    }

    /// f of unit `index`; x_0 stands for itself.
    func function(after index: Int, on grid: ElementGrid) throws(PredictionError) -> ElementFunction {
        let key = index < 0 ? -1 : rules.rules[index].kind
        if let made = functions[key] { return made }
        let made =
            index < 0
            ? ElementFunction(identityOn: grid)
            : ElementFunction(try function(at: rules.rules[index].position), on: grid)
        if functions.count >= Self.capacity { functions.removeAll() }
        functions[key] = made
        return made
    }

    /// h of unit `index` of the f before it; `nil` where a rectifier is all that elements remember.
    func map(at index: Int, on grid: ElementGrid) throws(PredictionError) -> ElementMap? {
        guard rules.remembersOtherwise else { return nil }
        let key = [rules.rules[index].kind, index == 0 ? -1 : rules.rules[index - 1].kind]
        if let made = maps[key] { return made }
        let made = ElementMap(
            rules.rules[index].function, of: try function(after: index - 1, on: grid), on: grid)
        if maps.count >= Self.capacity { maps.removeAll() }
        maps[key] = made
        return made
    }
}
