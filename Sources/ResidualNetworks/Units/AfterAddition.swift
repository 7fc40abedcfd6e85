import Graphs

/// A rule that gives every unit of a network its f of Eqn. 2: what is applied to y_l = h(x_l) + F(x_l).
public protocol AfterAdditionDesign: Sendable {
    /// The layers that it is made of, where it is made of nothing else; `nil` by default.
    var activationLayers: [ActivationLayer]? { get }
    /// Writes f(y_l).
    func afterAddition(
        of y: Graph.ValueID, at place: UnitPlace, in network: inout NetworkGraph
    ) throws -> Graph.ValueID
}

extension AfterAdditionDesign {
    public var activationLayers: [ActivationLayer]? { nil }
}

/// f made of batch normalisation and rectifiers, in order; the identity if there are none.
public struct LayersAfterAddition: AfterAdditionDesign {
    public let layers: [ActivationLayer]

    public init(_ layers: [ActivationLayer]) { self.layers = layers }

    public var activationLayers: [ActivationLayer]? { layers }

    public func afterAddition(
        of y: Graph.ValueID, at place: UnitPlace, in network: inout NetworkGraph
    ) throws -> Graph.ValueID {
        try network.layers(layers, of: y, normalization: "\(place.name).after.bn")
    }
}
