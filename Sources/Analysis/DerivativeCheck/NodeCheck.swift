import Graphs
import Kernels
import Operators
import Tensors

/// The derivatives of one node, at the operands that it has in an evaluation.
struct NodeCheck {
    private let place: String
    private let operation: any Operator
    private let operands: [Value<Double>]
    private let value: Value<Double>?
    private let shape: Shape
    /// Those by which a signal comes.
    private let slots: [Int]
    private let seed: UInt64

    init(
        _ graph: Graph, _ id: Graph.ValueID, in evaluation: GraphEvaluation<Double>, _ carriesSignal: [Bool],
        seed: UInt64
    ) throws {
        let node = graph.nodes[id]
        guard let operation = node.operation else { throw GraphError.noValue(name: node.name) }
        place = node.label
        self.operation = operation
        let operands = node.operands.compactMap { evaluation[$0] }
        self.operands = operands
        value = evaluation[id]
        shape = node.shape
        slots = node.operands.indices.filter { slot in
            guard slot < operands.count, case .real(let scaled, _) = operands[slot] else { return false }
            return carriesSignal[node.operands[slot]] && operation.isDifferentiable(in: slot)
                && scaled.tensor.shape.count > 0
        }
        self.seed = seed
    }

    func findings() -> [DerivativeFinding] {
        guard case .real(let scaled, _)? = value, !slots.isEmpty else { return [] }
        guard scaled.tensor.shape == shape else {
            return [of(.malformed("it has shape \(scaled.tensor.shape), and says \(shape)"))]
        }
        do {
            let again = try operation.value(of: operands).value.scaled.numbers
            let changed = zip(again, scaled.numbers).count { !$0.isSame(as: $1) }
            guard changed == 0 else { return [of(.notAFunction, count: changed, of: again.count)] }
            return try slots.flatMap { slot -> [DerivativeFinding] in
                guard try operands.allSatisfy({ try $0.isFinite }) else { return [of(.notFinite(.operand))] }
                let function = try SlotFunction(operation, of: operands, slot: slot, slots: slots)
                return SlotCheck(place: place, function: function, seed: seed).findings()
            }
        } catch { return [of(.malformed("\(error)"))] }
    }

    private func of(
        _ verdict: DerivativeFinding.Verdict, count: Int = 0, of total: Int = 0
    ) -> DerivativeFinding {
        DerivativeFinding(
            place: place, operation: operation.name, mode: .value, verdict: verdict,
            counts: .init(agreeing: total - count, notFinite: count))
    }
}

extension Value<Double> {
    fileprivate var isFinite: Bool {
        get throws {
            guard case .real(let scaled, _) = self else { return true }
            return scaled.numbers.allSatisfy(\.isFinite)
        }
    }
}
