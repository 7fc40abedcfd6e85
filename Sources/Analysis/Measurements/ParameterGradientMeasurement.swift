import Graphs
import Kernels
import Operators
import ResidualNetworks
import Tensors

/// Norms of ∂E/∂θ of every parameter, by a backward pass of its own from which nothing outlives its node.
struct ParameterGradientMeasurement<Scalar: KernelScalar> {
    private let model: NetworkModel
    private let parameters: [Parameter<Scalar>]

    init(_ network: Network<Scalar>, _ model: NetworkModel) {
        self.model = model
        parameters = network.parameters
    }

    /// - Parameter arguments: those of the run.
    func measure(
        _ arguments: GraphArguments<Scalar>, from cotangent: ScaledTensor<Scalar>
    ) throws -> [ParameterGradientNorm] {
        let values = model.parameters.map(\.value)
        let rows = model.model.rows.flatMap(\.values)
        let plan = EvaluationPlan(
            model.graph.fused(keeping: Set(rows)), derivativesTo: Set(values),
            recomputing: [])
        var evaluation = try GraphEvaluation(plan, arguments)
        let indexOf = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0) })
        var gradients = [LogNorm](repeating: .zero, count: values.count)
        let sweep = ReverseSweep<GradientCotangent<Scalar>>(visiting: Set(values))
        try sweep.run(
            consuming: &evaluation, from: [model.graph.output: GradientCotangent(cotangent)]
        ) { id, gradient in
            if let index = indexOf[id] { gradients[index] = gradient.scaled.log10Norm }
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

/// One cotangent with its scale, pulled back to maps and parameters alike.
struct GradientCotangent<Scalar: KernelScalar>: Cotangents {
    private(set) var scaled: ScaledTensor<Scalar>

    init(_ scaled: ScaledTensor<Scalar>) { self.scaled = scaled }

    consuming func pulledBack(
        by operation: any Operator, to slots: [Int], isCut: (Int) -> Bool, at point: Point<Scalar>
    ) throws -> [GradientCotangent] {
        let (tensor, factor, exponent) = (scaled.tensor, scaled.factor, scaled.exponent)
        // The scale joins at the end: what is under it is in the range of its numbers.
        return try operation.pullBack(.resolved(ScaledTensor(tensor)), to: slots, at: point).map {
            GradientCotangent($0.resolve().scaled(by: factor, power: exponent))
        }
    }

    consuming func plus(_ other: consuming GradientCotangent) -> GradientCotangent {
        let added = other.scaled
        return GradientCotangent(scaled.adding(added).tensor)
    }
}
