import Graphs
import Kernels
import Tensors

/// A rule that gives every unit of a network its shortcut h, and its branch F̂ where the shortcut's variant
/// modulates that too (μF, or a gate g(x)∘F).
public protocol ShortcutDesign: Sendable {
    /// The word for it on the command line, such as `scale0.5`.
    var name: String { get }
    /// h and F̂ of one unit.
    func paths<Scalar: KernelScalar>(
        at site: UnitSite<Scalar>, branch: any DifferentiableMap<Scalar>
    ) throws -> UnitPaths<Scalar>
    /// Writes h(x_l), and F̂(x_l) from F(x_l).
    func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues
}

extension ShortcutDesign {
    public func paths<Scalar: KernelScalar>(
        at site: UnitSite<Scalar>, branch: any DifferentiableMap<Scalar>
    ) throws -> UnitPaths<Scalar> {
        throw NetworkError.impossibleShortcut(
            name: name, reason: "it is written as a graph, and cannot be trained yet")
    }
}

/// The two paths of a unit.
public struct UnitPaths<Scalar: KernelScalar>: Sendable {
    public var shortcut: any Shortcut<Scalar>
    public var branch: any DifferentiableMap<Scalar>

    public init(shortcut: any Shortcut<Scalar>, branch: any DifferentiableMap<Scalar>) {
        self.shortcut = shortcut
        self.branch = branch
    }
}

/// The place in a network for which a unit is being made.
public struct UnitSite<Scalar: KernelScalar>: Sendable {
    /// l, counted from 0.
    public let index: Int
    /// `units.l`, the prefix of its parameters' names.
    public let name: String
    /// Shapes of x_l and x_{l+1}, with batch size 1.
    public let input: Shape
    public let output: Shape
    public let stride: Int
    /// A: the map that matches size and width; the identity where they do not change.
    public let matching: any DifferentiableMap<Scalar>
    public let parameters: any ParameterSource

    public init(
        index: Int, input: Shape, output: Shape, stride: Int, matching: any DifferentiableMap<Scalar>,
        parameters: any ParameterSource
    ) {
        self.index = index
        name = "units.\(index)"
        self.input = input
        self.output = output
        self.stride = stride
        self.matching = matching
        self.parameters = parameters
    }

    /// A 1×1 convolution from x_l to the size of x_{l+1}.
    func pointwiseConvolution(named part: String, biasRole: ParameterRole? = nil) throws -> Convolution<
        Scalar
    > {
        try Convolution(
            name: "\(name).shortcut.\(part)", inputs: input.channels, outputs: output.channels, kernel: 1,
            stride: stride, biasRole: biasRole, from: parameters)
    }
}
