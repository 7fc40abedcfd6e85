import Graphs

/// A rule that gives every unit of a network its shortcut h, and its branch F̂ where the shortcut's variant
/// modulates that too (μF, or a gate g(x)∘F).
public protocol ShortcutDesign: Sendable {
    /// The word for it on the command line, such as `scale0.5`.
    var name: String { get }
    /// Share of elements that h keeps in training, where it sets others to 0 at random; `nil` by default.
    var keptShare: Double? { get }
    /// Whether x_l is passed on through the map A that matches size and width; true by default.
    var matchesSize: Bool { get }
    /// The shortcut that it is at one unit before training, where it is another from unit to unit; itself by default.
    ///
    /// - Throws: `NetworkError` where it is none.
    func resolved(at position: UnitPosition) throws -> any ShortcutDesign
    /// Writes h(x_l), and F̂(x_l) from F(x_l).
    func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues
}

extension ShortcutDesign {
    public var keptShare: Double? { nil }
    public var matchesSize: Bool { true }
    public func resolved(at position: UnitPosition) throws -> any ShortcutDesign { self }
}
