import Graphs

/// A rule that gives every unit of a network its f of Eqn. 2: what is applied to y_l = h(x_l) + F(x_l).
public protocol AfterAdditionDesign: Sendable {
    /// The word for it on the command line; the type's by default.
    var name: String { get }
    /// The layers that it is made of, where it is made of nothing else, and the activation among them; `nil` by default.
    var layers: LayersAfterAddition? { get }
    /// Writes f(y_l).
    func afterAddition(
        of y: Graph.ValueID, at place: UnitPlace, in network: inout NetworkGraph
    ) throws -> Graph.ValueID
}

extension AfterAdditionDesign {
    public var name: String { "\(type(of: self))" }
    public var layers: LayersAfterAddition? { nil }
}

/// f made of batch normalisation and an activation, in order; the identity if there are none.
public struct LayersAfterAddition: AfterAdditionDesign {
    public let order: [ActivationLayer]
    public let activation: any ActivationDesign

    public init(_ order: [ActivationLayer], activation: any ActivationDesign = ReluActivation()) {
        self.order = order
        self.activation = activation
    }

    public var name: String {
        order.isEmpty
            ? "identity"
            : order.map { $0 == .normalization ? "bn" : activation.name }.joined(separator: ", ")
    }
    public var layers: LayersAfterAddition? { self }

    public func afterAddition(
        of y: Graph.ValueID, at place: UnitPlace, in network: inout NetworkGraph
    ) throws -> Graph.ValueID {
        try network.layers(
            order, of: y, normalization: "\(place.name).after.bn",
            activation: PlacedActivation(activation, at: place.position, owner: place.name))
    }
}
