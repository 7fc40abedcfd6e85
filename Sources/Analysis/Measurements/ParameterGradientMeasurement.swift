import Graphs
import Kernels
import Operators
import ResidualNetworks
import Tensors

/// Norms of ∂E/∂θ of every parameter, by a forward and a backward pass of their own, from which nothing outlives its node.
struct ParameterGradientMeasurement<Scalar: KernelScalar> {
    private let model: NetworkModel
    private let parameters: [Parameter<Scalar>]

    init(_ network: Network<Scalar>, _ model: NetworkModel) {
        self.model = model
        parameters = network.parameters
    }

    /// - Parameter arguments: those of the run.
    /// - Throws: `MeasurementObstacle.forwardPassOverflowed` where there is no finite loss.
    func measure(
        _ arguments: GraphArguments<Scalar>, labels: [Int], _ checkpointing: Checkpointing
    ) throws -> [ParameterGradientNorm] {
        let values = model.parameters.map(\.value)
        let plan = model.model.trainingPlan(derivativesTo: Set(values), checkpointing)
        var evaluation = try GraphEvaluation(plan, arguments)
        let (loss, cotangent) = try Loss.crossEntropy(Labels(labels)).evaluate(at: evaluation.output)
        guard loss.isFinite else { throw MeasurementObstacle.forwardPassOverflowed }
        let indexOf = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0) })
        var gradients = [LogNorm](repeating: .zero, count: values.count)
        let rows = Set(model.model.rows.flatMap(\.values))
        let sweep = ReverseSweep<Cotangent<Scalar>>(visiting: rows.union(values))
        try sweep.run(consuming: &evaluation, from: [model.graph.output: .resolved(cotangent)]) {
            id, gradient in
            let norm = gradient.keepInRange().norm
            if let index = indexOf[id] { gradients[index] = norm }
        }
        let units = units(of: values)
        return parameters.indices.map { index in
            ParameterGradientNorm(
                parameter: parameters[index].name, unit: units[index], count: parameters[index].count,
                gradient: gradients[index], value: ScaledTensor(parameters[index].values).log10Norm)
        }
    }

    /// The unit that reads each parameter first: what stands between x_l and x_{l+1}.
    private func units(of values: [Graph.ValueID]) -> [Int?] {
        var reader: [Graph.ValueID: Graph.ValueID] = [:]
        for id in model.graph.nodes.indices.reversed() {
            for operand in model.graph.operands(of: id) { reader[operand] = id }
        }
        let rows = model.model.rows.map { $0.values.max() ?? 0 }
        return values.map { value in
            guard let node = reader[value], let next = rows.firstIndex(where: { $0 >= node }), next > 0 else {
                return nil
            }
            return next - 1
        }
    }
}
