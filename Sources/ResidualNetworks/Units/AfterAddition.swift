import Graphs

/// A rule that gives every unit of a network its f of Eqn. 2: what is applied to y_l = h(x_l) + F(x_l).
public protocol AfterAdditionDesign: Sendable {
    /// Writes f(y_l).
    func afterAddition(
        of y: Graph.ValueID, at place: UnitPlace, in network: inout NetworkGraph
    ) throws -> Graph.ValueID
}

/// f made of batch normalisation and rectifiers, in order; the identity if there are none.
public struct LayersAfterAddition: AfterAdditionDesign {
    public let layers: [ActivationLayer]

    public init(_ layers: [ActivationLayer]) { self.layers = layers }

    public func afterAddition(
        of y: Graph.ValueID, at place: UnitPlace, in network: inout NetworkGraph
    ) throws -> Graph.ValueID {
        try network.layers(layers, of: y, normalization: "\(place.name).after.bn")
    }
}
