import Graphs
import Kernels
import Operators
import Tensors

/// A network as its design writes it: the graph with its units, and what its parameters and buffers are.
public struct NetworkModel: Sendable {
    /// The name of its input.
    public static let inputName = "images"

    public let model: ResidualModel
    /// In the order of computation.
    public let parameters: [ParameterDeclaration]
    public let buffers: [BufferDeclaration]
    public let normalizations: [NormalizationDeclaration]

    public init(
        model: ResidualModel, parameters: [ParameterDeclaration] = [], buffers: [BufferDeclaration] = [],
        normalizations: [NormalizationDeclaration] = []
    ) {
        self.model = model
        self.parameters = parameters
        self.buffers = buffers
        self.normalizations = normalizations
    }

    public var graph: Graph { model.path.graph }

    /// All batch normalisations with what they normalise, in the order of computation.
    public var normalizationSites: [NormalizationSite] {
        normalizations.map { NormalizationSite(name: $0.name, shape: graph.nodes[$0.input].shape) }
    }

    /// The buffers' tensors: masks from their source, running statistics of normalisations by their names.
    ///
    /// - Throws: `NetworkError.missingStatistics`.
    public func bufferTensors<Scalar: KernelScalar>(
        masks: any MaskSource, statistics: RunningStatistics
    ) throws -> [String: Tensor<Scalar>] {
        var tensors: [String: Tensor<Scalar>] = [:]
        for buffer in buffers {
            tensors[buffer.name] =
                switch buffer.content {
                case .mask(let probability):
                    try masks.mask(
                        named: buffer.name, shape: buffer.shape, dropProbability: probability)
                case .runningMean(let name):
                    Tensor(rounding: try statistics.of(name).mean, shape: buffer.shape)
                case .runningVariance(let name):
                    Tensor(rounding: try statistics.of(name).variance, shape: buffer.shape)
                }
        }
        return tensors
    }

    /// What it is evaluated with.
    ///
    /// - Parameter parameters: by name.
    /// - Throws: `NetworkError.missingStatistics`.
    public func arguments<Scalar: KernelScalar>(
        parameters: [String: Tensor<Scalar>], input: Tensor<Scalar>, masks: any MaskSource,
        statistics: RunningStatistics
    ) throws -> GraphArguments<Scalar> {
        GraphArguments(
            inputs: [Self.inputName: Value(input)], parameters: parameters,
            buffers: try bufferTensors(masks: masks, statistics: statistics))
    }

    /// What every batch normalisation normalised by in an evaluation.
    public func batchStatistics<Scalar>(in evaluation: GraphEvaluation<Scalar>) -> RunningStatistics {
        var found: RunningStatistics = [:]
        let names = Dictionary(
            normalizations.map { ($0.scale, $0.name) }, uniquingKeysWith: { first, _ in first })
        for (id, node) in evaluation.plan.graph.nodes.enumerated() {
            guard let statistics = evaluation.residue(of: id) as? ChannelStatistics,
                let name = node.operands.lazy.compactMap({ names[$0] }).first
            else { continue }
            found[name] = statistics
        }
        return found
    }
}

extension RunningStatistics {
    fileprivate func of(_ name: String) throws -> ChannelStatistics {
        guard let statistics = self[name] else { throw NetworkError.missingStatistics(name: name) }
        return statistics
    }
}

extension NetworkDesign {
    /// Trainable tensors, in the order of computation: the same on any batch and in both modes.
    public var parameters: [ParameterDeclaration] {
        get throws { try model(batch: 2, mode: .inference).parameters }
    }

    /// The network on a batch of so many samples.
    ///
    /// - Throws: `NetworkError` and `GraphError` where the design makes no network.
    public func model(batch: Int, mode: NetworkGraph.Mode = .training) throws -> NetworkModel {
        try NetworkWriter(self, batch: batch, mode: mode).model()
    }
}
