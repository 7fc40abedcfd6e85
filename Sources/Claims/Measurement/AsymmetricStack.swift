import Analysis
import Graphs
import Kernels
import Operators
import ResidualNetworks
import Tensors

/// The asymmetric form, Fig. 5(b) and Eqn. 9: an activation f̂ = ReLU∘BN after the addition that only the branch
/// reads, `y_{l+1} = y_l + F(f̂(y_l))`, in a fully connected network of one stage.
///
/// Its operators read the network's parameters by their names; the loops up and down are written out and share nothing with
/// graphs and their sweeps.
public struct AsymmetricStack<Scalar: KernelScalar> {
    private let network: Network<Scalar>
    private let parameters: [String: Tensor<Scalar>]
    private let design: NetworkDesign

    /// - Parameter design: of an architecture without a stem's filter; read for sizes alone.
    public init(_ network: Network<Scalar>, design: NetworkDesign) {
        self.network = network
        self.design = design
        parameters = Dictionary(uniqueKeysWithValues: network.parameters.map { ($0.name, $0.values) })
    }

    /// One operator at its operands, of which the first is x.
    private struct Applied {
        let operation: any Operator
        let operands: [Value<Scalar>]
        let value: Value<Scalar>
        let residue: (any Sendable)?

        init(_ operation: any Operator, _ operands: [Value<Scalar>]) throws {
            self.operation = operation
            self.operands = operands
            let evaluation = try operation.value(of: operands)
            (value, residue) = (evaluation.value, evaluation.residue)
        }

        func vjp(_ cotangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
            let point = Point(
                shapes: operands.map(\.shape), resultShape: value.shape,
                operands: operands, result: value, residue: residue)
            return try operation.vjp(cotangent, to: 0, at: point).plain
        }
    }

    /// Operators one after another.
    private struct Chain {
        private var applied: [Applied] = []
        private(set) var value: Value<Scalar>

        init(at x: Tensor<Scalar>) { value = Value(x) }

        mutating func apply(_ operation: any Operator, _ others: Tensor<Scalar>...) throws {
            let next = try Applied(operation, [value] + others.map { Value($0) })
            applied.append(next)
            value = next.value
        }

        func vjp(_ cotangent: Tensor<Scalar>) throws -> Tensor<Scalar> {
            try applied.reversed().reduce(cotangent) { try $1.vjp($0) }
        }
    }

    /// F(f̂_l(y)): weight, (BN, ReLU, weight)…, with f̂_l before it but for unit 0, whose input the stem has activated.
    private func branch(_ y: Tensor<Scalar>, ofUnit l: Int) throws -> Chain {
        var chain = Chain(at: y)
        var channels = design.baseWidth * design.block.expansion
        for (k, layer) in design.block.layers.enumerated() {
            if l > 0 || k > 0 {
                let name = "units.\(l).branch.bn\(k + 1)"
                let vector = Shape(axes: [channels])
                try chain.apply(
                    BatchNorm(.batch), tensor(name + ".weight", vector), tensor(name + ".bias", vector))
                try chain.apply(Relu())
            }
            let outputs = design.baseWidth * layer.widths
            let axis = ConvolutionWindow.Axis(kernel: 1)
            try chain.apply(
                Conv(ConvolutionWindow([axis, axis])),
                tensor("units.\(l).branch.conv\(k + 1).weight", Shape(outputs, channels, 1, 1)))
            channels = outputs
        }
        return chain
    }

    private func tensor(_ name: String, _ shape: Shape) throws -> Tensor<Scalar> {
        guard let tensor = parameters[name] else { throw GraphError.missingParameter(name: name) }
        return tensor.reshaped(shape)
    }

    /// E and ∂E/∂y_0, with the stem and the head of the network.
    public func lossAndGradient(
        on batch: LabelledBatch<Scalar>, masks: any MaskSource
    ) throws -> (loss: Double, gradient: Tensor<Scalar>) {
        let kernels = Scalar.kernels
        let model = try network.model(batch: batch.input.shape.batch)
        let arguments = try network.arguments(model, input: batch.input, masks: masks)
        let (first, last) = (model.model.rows[0].values[0], model.model.rows[design.unitCount].values[0])
        let stem = try GraphEvaluation(
            EvaluationPlan(model.graph, derivativesTo: [], keeping: [first]), arguments)
        guard var y = try stem[first]?.tensor else { throw GraphError.missingInput(name: "x_0") }
        var branches: [Chain] = []
        for l in 0..<design.unitCount {
            branches.append(try branch(y, ofUnit: l))
            y = kernels.combine(y, 1, try branches[l].value.tensor, 1)
        }
        let head = try GraphEvaluation(
            EvaluationPlan(model.graph, derivativesTo: [last], given: [last]), arguments,
            given: [last: Value(y)])
        guard let logits = try head[model.graph.output]?.tensor else {
            throw GraphError.missingInput(name: "logits")
        }
        let (loss, cotangent) = try Loss.crossEntropy(Labels(batch.labels)).evaluate(at: logits)
        guard let top = try PathSweep(head, from: cotangent, cutting: [], at: [last])[last] else {
            throw GraphError.missingInput(name: "x_L")
        }
        var g = top.total.plain
        // g_l = g_{l+1} + f̂′ᵀF′ᵀg_{l+1}, Eqn. 9's counterpart of Eqn. 5.
        for branch in branches.reversed() { g = kernels.combine(g, 1, try branch.vjp(g), 1) }
        return (loss, g)
    }
}
