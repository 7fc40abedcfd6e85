import Graphs
import Kernels
import ResidualNetworks
import Tensors

/// A model of any origin on a batch: of a file of another framework, or of a program's own graph.
public struct ModelSubject<Scalar: KernelScalar>: MeasuredSubject {
    public let model: ResidualModel
    public let loss: Loss
    public let name: String
    private let given: GraphArguments<Scalar>
    private let sampleLines: SampleLines<Scalar>?

    /// - Parameters:
    ///   - arguments: the batch, parameters and buffers, by the names of the graph's nodes.
    ///   - lines: where the model can be had on inputs between those of the batch.
    public init(
        _ model: ResidualModel, _ arguments: GraphArguments<Scalar>, loss: Loss,
        name: String = "graph", lines: SampleLines<Scalar>? = nil
    ) {
        self.model = model
        self.loss = loss
        self.name = name
        given = arguments
        sampleLines = lines
    }

    public var design: NetworkDesign? { nil }
    public var hasLines: Bool { sampleLines != nil }
    public var isCalibrated: Bool { false }
    public var largestTensor: Int { model.largestValue }
    public func arguments() throws -> GraphArguments<Scalar> { given }
    public func lines() throws -> SampleLines<Scalar>? { sampleLines }

    /// Those that a derivative of the output reaches: running statistics are none.
    public var parameters: [MeasuredParameter<Scalar>] {
        let nodes = model.path.graph.nodes
        let named = nodes.indices.compactMap { id -> (Graph.ValueID, String)? in
            if case .parameter(let name) = nodes[id].source { (id, name) } else { nil }
        }
        let path = DerivativePath(of: model.path.graph, from: Set(named.map(\.0)))
        return named.compactMap { id, name in
            guard path.carries(id), let tensor = given.parameters[name] else { return nil }
            return MeasuredParameter(name: name, value: id, tensor: tensor)
        }
    }
}
