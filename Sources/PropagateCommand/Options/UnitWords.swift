import Claims
import ResidualNetworks

/// Words that change the functions of a unit, whatever network it stands in.
struct UnitWords: Sendable {
    let shortcut: String?
    let unit: String?
    let formulas: FormulaOptions

    /// Functions that claims can be measured on.
    var functions: OwnFunctions { OwnFunctions { try apply(to: &$0) } }

    /// - Throws: what the options' words throw.
    func apply(to design: inout NetworkDesign) throws {
        if let unit {
            design.layout = try NetworkOptions.find(unit, as: "unit", in: UnitLayout.paper, \.name)
        }
        if let shortcut {
            design.shortcut = try ShortcutVocabulary.paper.shortcut(for: shortcut, reader: formulas.reader)
        }
        try formulas.apply(to: &design)
    }

    /// The options with the values that they take.
    func words() throws -> [String: String] {
        var design = NetworkDesign(block: .basic, unitsPerStage: 1)
        try apply(to: &design)
        return ["shortcut": design.shortcut.name, "unit": design.layout.name].merging(design.words(formulas))
        {
            $1
        }
    }
}
