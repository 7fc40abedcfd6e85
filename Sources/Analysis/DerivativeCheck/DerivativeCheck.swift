import Graphs
import Kernels
import Operators
import ResidualNetworks
import Tensors

/// Value against derivative, for every operation that somebody else wrote.
///
/// The graph is evaluated once, in double precision; there each operation's J is checked at the operands that it has in the
/// network, slot by slot, along a random direction t and for a random cotangent u. J t from the JVP, and Jᵀu from the VJP,
/// are each held against differences of the value alone, so that either may be wrong:
///
///     JVP   J t        against  (y(x + s·t) − y(x − s·t))/2s, s → 0
///     VJP   ⟨Jᵀu, t⟩    against  ⟨u, that⟩;  where J is diagonal, (Jᵀu)_i/u_i against φ′(x_i)
///
/// Every such operation is checked at every place: formulas differ from unit to unit, and two operators that are described
/// alike may still hold functions that differ.
///
/// Not seen are mistakes in single precision alone, those of an operator that takes the place of others as kernels are fused,
/// and those at kinks alone. What differences cannot tell is left undecided; a mistake of 10⁻⁴ of a smooth function's slope is
/// found.
public struct DerivativeCheck: Sendable {
    /// Of directions, and of a small network's parameters and images.
    public var seed: UInt64
    /// Which operations are checked.
    public var isChecked: @Sendable (Graph.Node) -> Bool

    /// - Parameter isChecked: by default those whose operator is not built in.
    public init(
        seed: UInt64 = 0,
        checking isChecked: @escaping @Sendable (Graph.Node) -> Bool = {
            $0.operation.map { !$0.isBuiltIn } ?? false
        }
    ) {
        self.seed = seed
        self.isChecked = isChecked
    }

    /// Checks a small network of the same units as a design (`NetworkDesign.forDerivativeCheck`), of He's initialisation, on
    /// random images, as it trains.
    ///
    /// - Throws: `NetworkError` and `GraphError` where the design makes no network.
    public func report(on design: NetworkDesign) throws -> DerivativeReport {
        let (small, batch) = design.forDerivativeCheck
        // Nothing is drawn where there is nothing to check.
        let model = try small.model(batch: batch)
        guard model.graph.nodes.contains(where: isChecked) else { return DerivativeReport(seed: seed) }
        let network = try Network<Double>(small, parameters: HeInitialization(seed: seed))
        let images = Tensor<Double>(zeros: small.input.with(batch: batch))
        // Of variance 1 an element.
        let size = Double(images.shape.count).squareRoot()
        let input = images.randomDirection(seed: seed, name: "derivative-check.images").map { $0 * size }
        return try report(
            on: model.graph, network.arguments(model, input: input, masks: SeededMasks(seed: seed)))
    }

    public func report(on model: NetworkModel, _ arguments: GraphArguments<Double>) throws -> DerivativeReport
    {
        try report(on: model.graph, arguments)
    }

    /// Checks a graph's operations where its output needs them.
    ///
    /// - Throws: `GraphError` where an argument is missing or has another shape.
    public func report(on graph: Graph, _ arguments: GraphArguments<Double>) throws -> DerivativeReport {
        let carriesSignal = graph.signalCarriers
        let checked = Set(
            graph.nodes.indices.filter { graph.nodes[$0].operation != nil && isChecked(graph.nodes[$0]) })
        let plan = EvaluationPlan(graph, derivativesTo: [])
        var report = DerivativeReport(seed: seed)
        do {
            _ = try GraphEvaluation<Double>(plan, arguments, observing: checked) { id, evaluation in
                let found = try NodeCheck(graph, id, in: evaluation, carriesSignal, seed: seed).findings()
                report.operations += 1
                report.findings += found
                // What reads a value of another shape may stop the program.
                guard let shape = evaluation[id]?.shape, shape != graph.nodes[id].shape else { return true }
                report.obstacle = "\(graph.nodes[id].label) has a value of another shape than it says."
                return false
            }
        } catch let error as GraphError {
            guard case .operation = error else { throw error }
            report.obstacle = "\(error)"
        }
        return report
    }
}

extension Graph {
    /// By value: whether a derivative with respect to an input or a parameter may pass it; not of masks and constants, nor of
    /// what is made of them alone.
    fileprivate var signalCarriers: [Bool] {
        var carries = [Bool](repeating: false, count: nodes.count)
        for (id, node) in nodes.enumerated() {
            switch node.source {
            case .input: carries[id] = !node.isWhole
            case .parameter: carries[id] = true
            case .buffer, .constant: break
            case .operation(let operation, let operands):
                carries[id] = operands.indices.contains {
                    carries[operands[$0]] && operation.isDifferentiable(in: $0)
                }
            }
        }
        return carries
    }
}
