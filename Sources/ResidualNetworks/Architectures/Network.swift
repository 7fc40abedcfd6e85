import Kernels
import Tensors

/// A residual network as a value: stem, units, head.
public struct Network<Scalar: KernelScalar>: Sendable {
    public let design: NetworkDesign
    /// Input image to x_0.
    public let stem: any DifferentiableMap<Scalar>
    public let units: [ResidualUnit<Scalar>]
    /// x_L to logits (N, classes, 1, 1).
    public let head: any DifferentiableMap<Scalar>

    /// Any stack of units between a stem and a head; `design` then only labels it.
    public init(
        design: NetworkDesign, stem: any DifferentiableMap<Scalar>, units: [ResidualUnit<Scalar>],
        head: any DifferentiableMap<Scalar>
    ) {
        self.design = design
        self.stem = stem
        self.units = units
        self.head = head
    }

    /// Builds a design with parameters from a source.
    public init(_ design: NetworkDesign, parameters source: any ParameterSource) throws {
        self = try NetworkBuilder<Scalar>(design: design, source: source).network()
    }

    /// Every trainable parameter once, in the order of computation.
    public var parameters: [Parameter<Scalar>] {
        stem.parameters + units.flatMap { $0.parameters } + head.parameters
    }
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }
    /// All batch normalisations, each once, in the order of computation.
    public func normalizations(for input: Shape) -> [NormalizationSite] {
        let shapes = rowShapes(for: input)
        let ofUnits = zip(units, shapes).flatMap { $0.normalizations(for: $1) }
        var seen: Set<String> = []
        return (stem.normalizations(for: input) + ofUnits + head.normalizations(for: shapes[units.count]))
            .filter { seen.insert($0.name).inserted }
    }

    /// The batch normalisation whose statistics are taken over the fewest values a channel, of equals the first;
    /// `nil` where the network has none.
    public func scarcestNormalization(for input: Shape) -> NormalizationSite? {
        normalizations(for: input).min { $0.valuesPerChannel < $1.valuesPerChannel }
    }

    /// Shapes of x_0 … x_L for an input batch.
    public func rowShapes(for input: Shape) -> [Shape] {
        var shapes = [stem.outputShape(for: input)]
        for unit in units { shapes.append(unit.outputShape(for: shapes[shapes.count - 1])) }
        return shapes
    }

    /// Multiplications, each with an addition, of all convolutions of one forward pass and of one backward pass
    /// from the logits to x_0, which leaves the stem out.
    public func multiplyAdds(for input: Shape) -> (forward: Int, backward: Int) {
        let shapes = rowShapes(for: input)
        let backward = zip(units, shapes).reduce(head.multiplyAdds(for: shapes[units.count])) {
            $0 + $1.0.multiplyAdds(for: $1.1)
        }
        return (stem.multiplyAdds(for: input) + backward, backward)
    }

    /// Statistics for inference mode: those of one training-mode pass of the batch.
    public func calibratedStatistics(
        on input: Tensor<Scalar>, masks: any MaskSource
    ) throws -> RunningStatistics {
        let pass = ForwardPass(mode: .training, masks: masks)
        _ = try logits(from: x0(of: input, in: pass), firstUnit: 0, in: pass)
        return pass.batchStatistics
    }

    /// x_0, the stem's output.
    public func x0(of input: Tensor<Scalar>, in pass: ForwardPass) throws -> Tensor<Scalar> {
        try stem.linearize(input, in: pass).tensor
    }

    /// The logits, from x_l for l = `firstUnit`; nothing is kept for a backward pass.
    public func logits(
        from x: Tensor<Scalar>, firstUnit: Int, in pass: ForwardPass
    ) throws -> Tensor<Scalar> {
        let xL = try units[firstUnit...].reduce(x) { try $1.linearize($0, in: pass).output }
        return try head.linearize(xL, in: pass).tensor
    }
}
