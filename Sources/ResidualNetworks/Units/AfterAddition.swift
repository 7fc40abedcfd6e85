import Graphs
import Kernels
import Tensors

/// f of Eqn. 2: what is applied to y_l = h(x_l) + F(x_l).
public protocol AfterAddition<Scalar>: DifferentiableMap {
    /// Whether f sets negative elements of y_l to zero, so that their share says how often it truncates; false
    /// by default.
    var truncatesNegatives: Bool { get }
    /// Whether f is the identity, as Eqn. 3–5 need; false by default.
    var isIdentity: Bool { get }
}

extension AfterAddition {
    public var truncatesNegatives: Bool { false }
    public var isIdentity: Bool { false }
}

extension IdentityMap: AfterAddition {
    public var isIdentity: Bool { true }
}

extension Rectifier: AfterAddition {
    public var truncatesNegatives: Bool { true }
}

extension Sequential: AfterAddition {}

/// A rule that gives every unit of a network its f.
public protocol AfterAdditionDesign: Sendable {
    func afterAddition<Scalar: KernelScalar>(at site: UnitSite<Scalar>) throws -> any AfterAddition<Scalar>
    /// Writes f(y_l).
    func afterAddition(
        of y: Graph.ValueID, at place: UnitPlace, in network: inout NetworkGraph
    ) throws -> Graph.ValueID
}

extension AfterAdditionDesign {
    public func afterAddition<Scalar: KernelScalar>(at site: UnitSite<Scalar>) throws -> any AfterAddition<
        Scalar
    > {
        throw NetworkError.impossibleShortcut(
            name: "f", reason: "it is written as a graph, and cannot be trained yet")
    }
}

/// f made of batch normalisation and rectifiers, in order; the identity if there are none.
public struct LayersAfterAddition: AfterAdditionDesign {
    public let layers: [ActivationLayer]

    public init(_ layers: [ActivationLayer]) { self.layers = layers }

    public func afterAddition<Scalar: KernelScalar>(
        at site: UnitSite<Scalar>
    ) throws -> any AfterAddition<Scalar> {
        switch layers {
        case []: IdentityMap()
        case [.rectifier]: Rectifier()
        default:
            Sequential(
                try ActivationLayer.maps(
                    layers, normalization: "\(site.name).after.bn", channels: site.output.channels,
                    from: site.parameters))
        }
    }

    public func afterAddition(
        of y: Graph.ValueID, at place: UnitPlace, in network: inout NetworkGraph
    ) throws -> Graph.ValueID {
        try network.layers(layers, of: y, normalization: "\(place.name).after.bn")
    }
}
