import Graphs
import Kernels
import Tensors

/// Fig. 2(f), dropout on the shortcut: h(x) = m∘x with P(m = 0) = p, not rescaled while training, so that it
/// acts as a scale with expectation λ = 1 − p. In inference mode it multiplies by 1 − p.
///
///     x ── dropout ───┐
///     └── F(x) ──────(+)
public struct DropoutShortcut: ShortcutDesign {
    /// p.
    public let dropProbability: Double

    public init(dropProbability: Double) { self.dropProbability = dropProbability }
    public var name: String { "dropout\(dropProbability.word)" }

    public func paths<Scalar: KernelScalar>(
        at site: UnitSite<Scalar>, branch: any DifferentiableMap<Scalar>
    ) -> UnitPaths<Scalar> {
        let dropout = Dropout<Scalar>(
            name: "\(site.name).shortcut.dropout.mask", dropProbability: dropProbability)
        return UnitPaths(
            shortcut: MapShortcut(
                Sequential([site.matching, dropout]), factor: .expectation(1 - dropProbability)),
            branch: branch)
    }

    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        UnitValues(
            shortcut: try network.dropout(
                network.matched(at: place), name: "\(place.name).shortcut.dropout.mask",
                probability: dropProbability),
            branch: branch, factor: .expectation(1 - dropProbability))
    }
}

/// x ↦ m∘x with the mask that the forward pass supplies under `name`.
public struct Dropout<Scalar: KernelScalar>: DifferentiableMap {
    public let name: String
    public let dropProbability: Double

    public init(name: String, dropProbability: Double) {
        self.name = name
        self.dropProbability = dropProbability
    }

    public var isLinear: Bool { true }
    public func keptElements(for input: Shape) -> Int { input.count }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) throws -> Linearized<Scalar> {
        if case .inference = pass.mode {
            let expectation = 1 - dropProbability
            return Linearized(
                value: ScaledTensor(x, factor: expectation), derivative: ScalarLinearization(expectation))
        }
        let mask: Tensor<Scalar> = try pass.masks.mask(
            named: name, shape: x.shape, dropProbability: dropProbability, block: x.block)
        return Linearized(
            value: Scalar.kernels.multiply(x, mask), derivative: DiagonalLinearization(diagonal: mask))
    }
}
