import Expressions
import Graphs
import Operators

/// The function wherever a network says activation: between the weight layers of a branch, and behind its stem.
public protocol ActivationDesign: Sendable {
    /// The word for it on the command line, such as `gelu`.
    var name: String { get }
    /// Writes φ(x).
    ///
    /// - Parameters:
    ///   - owner: what names of its parameters begin with.
    ///   - label: of the place, such as `units.3.branch.bn1`; a label of a node begins with it.
    func activation(
        of x: Graph.ValueID, at position: UnitPosition, owner: String, label: String,
        in network: inout NetworkGraph
    ) throws -> Graph.ValueID
}

/// max(0, x), the paper's.
public struct ReluActivation: ActivationDesign {
    public init() {}
    public var name: String { "relu" }

    public func activation(
        of x: Graph.ValueID, at position: UnitPosition, owner: String, label: String,
        in network: inout NetworkGraph
    ) throws -> Graph.ValueID { try network.apply(Relu(), to: x, label: label + ".relu") }
}

/// A formula of each element, of the unit's position and of learned numbers.
public struct FormulaActivation: ActivationDesign {
    public let formula: UnitFormula
    public let name: String

    public init(_ formula: UnitFormula, name: String? = nil) {
        self.formula = formula
        self.name = name ?? "\(ExpressionShortcut.stem) \(formula)"
    }

    public func activation(
        of x: Graph.ValueID, at position: UnitPosition, owner: String, label: String,
        in network: inout NetworkGraph
    ) throws -> Graph.ValueID {
        try network.apply(formula, to: x, at: position, owner: owner, label: label + ".activation").value
    }
}

/// An activation at a unit.
public struct PlacedActivation: Sendable {
    public let design: any ActivationDesign
    public let position: UnitPosition
    /// What names of its parameters begin with; `nil` for those of the place that it stands in.
    public let owner: String?

    /// ReLU where nothing is said, which is the same everywhere.
    public init(
        _ design: any ActivationDesign = ReluActivation(),
        at position: UnitPosition = UnitPosition(index: 0, count: 1, stage: 0, width: 1), owner: String? = nil
    ) {
        self.design = design
        self.position = position
        self.owner = owner
    }

    func value(of x: Graph.ValueID, label: String, in network: inout NetworkGraph) throws -> Graph.ValueID {
        try design.activation(
            of: x, at: position, owner: owner ?? label + ".activation", label: label, in: &network)
    }
}
