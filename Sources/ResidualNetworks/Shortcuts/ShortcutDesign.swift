import Graphs

/// A rule that gives every unit of a network its shortcut h, and its branch F̂ where the shortcut's variant
/// modulates that too (μF, or a gate g(x)∘F).
public protocol ShortcutDesign: Sendable {
    /// The word for it on the command line, such as `scale0.5`.
    var name: String { get }
    /// Writes h(x_l), and F̂(x_l) from F(x_l).
    func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues
}
