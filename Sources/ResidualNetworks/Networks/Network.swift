import Graphs
import Kernels
import Operators
import Tensors

/// A residual network as a value: the graph that it is on any batch, and numbers for its parameters.
public struct Network<Scalar: KernelScalar>: Sendable {
    /// The design that it was built from, where there is one.
    public let design: NetworkDesign?
    /// Every trainable parameter once, in the order of computation.
    public private(set) var parameters: [Parameter<Scalar>]
    /// Names of its batch normalisations, in the order of computation.
    public let normalizations: [String]
    private let write: @Sendable (_ batch: Int, _ mode: NetworkGraph.Mode) throws -> NetworkModel

    /// Builds a design with parameters from a source.
    ///
    /// - Throws: `NetworkError` and `GraphError` where the design makes no network; the source's errors.
    public init(_ design: NetworkDesign, parameters source: any ParameterSource) throws {
        try self.init(design: design, parameters: source) { try design.model(batch: $0, mode: $1) }
    }

    /// Any network.
    ///
    /// - Parameter write: makes its graph for a batch of so many samples.
    public init(
        design: NetworkDesign? = nil, parameters source: any ParameterSource,
        write: @escaping @Sendable (_ batch: Int, _ mode: NetworkGraph.Mode) throws -> NetworkModel
    ) throws {
        self.design = design
        self.write = write
        // Parameters are the same on any batch and in both modes.
        let model = try write(2, .inference)
        normalizations = model.normalizations.map(\.name)
        parameters = try model.parameters.map { declared in
            Parameter(
                name: declared.name, dimensions: declared.dimensions, role: declared.role,
                values: try source.values(
                    name: declared.name, dimensions: declared.dimensions, role: declared.role))
        }
    }

    private init(
        _ other: Network,
        write: @escaping @Sendable (_ batch: Int, _ mode: NetworkGraph.Mode) throws -> NetworkModel
    ) {
        (design, parameters, normalizations) = (other.design, other.parameters, other.normalizations)
        self.write = write
    }

    /// The same parameters in another graph.
    ///
    /// - Parameter rewrite: of the graph on any batch.
    public func rewritten(
        _ rewrite: @escaping @Sendable (NetworkModel) throws -> NetworkModel
    ) rethrows -> Network {
        Network(self) { [write] in try rewrite(write($0, $1)) }
    }

    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

    /// The graph for a batch of so many samples.
    ///
    /// - Throws: `NetworkError.singleValueStatistics` where batch normalisation would see one value a channel.
    public func model(batch: Int, mode: NetworkGraph.Mode = .training) throws -> NetworkModel {
        try write(batch, mode)
    }

    /// What a model of this network is evaluated with.
    public func arguments(
        _ model: NetworkModel, input: Tensor<Scalar>, masks: any MaskSource,
        statistics: RunningStatistics = [:]
    ) throws -> GraphArguments<Scalar> {
        try model.arguments(
            parameters: Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.values) }),
            input: input, masks: masks, statistics: statistics)
    }

    /// The logits of a batch, (N, classes, 1, 1), with nothing kept for derivatives.
    ///
    /// - Parameter statistics: of every batch normalisation; `nil` for those of the batch, with dropout.
    public func logits(
        of input: Tensor<Scalar>, masks: any MaskSource, statistics: RunningStatistics? = nil
    ) throws -> Tensor<Scalar> { try evaluation(of: input, masks: masks, statistics: statistics).1.output }

    /// Statistics for inference mode: those of one training-mode pass of the batch.
    public func calibratedStatistics(
        on input: Tensor<Scalar>, masks: any MaskSource
    ) throws -> RunningStatistics {
        let (model, evaluation) = try evaluation(of: input, masks: masks, statistics: nil)
        return model.batchStatistics(in: evaluation)
    }

    private func evaluation(
        of input: Tensor<Scalar>, masks: any MaskSource, statistics: RunningStatistics?
    ) throws -> (NetworkModel, GraphEvaluation<Scalar>) {
        let model = try model(batch: input.shape.batch, mode: statistics == nil ? .training : .inference)
        let plan = EvaluationPlan(model.graph.fused(keeping: []), derivativesTo: [])
        let arguments = try arguments(model, input: input, masks: masks, statistics: statistics ?? [:])
        return (model, try GraphEvaluation(plan, arguments))
    }
}
