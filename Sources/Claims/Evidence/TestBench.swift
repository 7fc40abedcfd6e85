import Analysis
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

/// Where claims are put to the test: how a design becomes a network, and the seed of everything drawn.
///
/// A bench that makes other networks than those it is asked for shows whether a claim would notice.
public struct TestBench<Scalar: KernelScalar>: Sendable {
    public typealias Builder = @Sendable (NetworkDesign, any ParameterSource) throws -> Network<Scalar>

    /// Seeds weights, batches, masks and directions.
    public let seed: UInt64
    private let build: Builder

    public init(
        seed: UInt64 = 0, building build: @escaping Builder = { try Network($0, parameters: $1) }
    ) {
        self.seed = seed
        self.build = build
    }

    /// The distance from 1 to the next number.
    var epsilon: Double { Double(Scalar.ulpOfOne) }
    /// Such as "double precision".
    var precision: String { "\(Scalar.precisionName) precision" }

    /// A network of a design, its parameters by He initialisation from the bench's seed unless they are given.
    func network(
        _ design: NetworkDesign, parameters: (any ParameterSource)? = nil
    ) throws -> Network<Scalar> {
        try build(design, parameters ?? HeInitialization(seed: seed))
    }

    /// Images (or vectors) of independent standard normal numbers with uniform labels.
    func batch(of size: Int, for design: NetworkDesign) -> LabelledBatch<Scalar> {
        var labels = RandomStream(seed: seed, name: "claims.labels")
        let shape = design.input.with(batch: size)
        return LabelledBatch(
            normals(shape, named: "claims.images").elements, shape: shape,
            labels: labels.integers(size, below: design.classes))
    }

    /// Independent standard normal numbers.
    func normals(_ shape: Shape, named name: String) -> Tensor<Scalar> {
        var stream = RandomStream(seed: seed, name: name)
        var values = Tensor<Scalar>(uninitialized: shape)
        values.withUnsafeMutableBufferPointer { stream.fillNormals($0, standardDeviation: 1) }
        return values
    }

    /// The network of a design, measured on a batch with everything kept.
    ///
    /// - Throws: `ClaimError.notFinite`.
    func stack(
        _ design: NetworkDesign, batch size: Int, parameters: (any ParameterSource)? = nil
    ) throws -> MeasuredStack<Scalar> {
        let network = try network(design, parameters: parameters)
        guard
            let stack = try MeasuredStack(
                network, on: batch(of: size, for: design), masks: SeededMasks(seed: seed))
        else { throw ClaimError.notFinite(network: design.summary) }
        return stack
    }
}

extension MeasuredStack {
    /// The l of units that keep the size of x_l.
    var unitsOfOneSize: [Int] {
        let shapes = model.model.rowShapes
        return (0..<unitCount).filter { shapes[$0] == shapes[$0 + 1] }
    }
}
