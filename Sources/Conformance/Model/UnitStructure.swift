import Graphs
import Tensors

/// What one unit of a model is made of: the operators of h, F and f.
public struct UnitStructure: Sendable {
    /// l.
    public let index: Int
    public let label: String
    public let kind: UnitRoles.Kind
    /// By which h, F and f come of the values before, in the order of computation; what only moves data is left out.
    public let shortcut: [OperatorSignature]
    public let branch: [OperatorSignature]
    public let after: [OperatorSignature]
    /// Weight layers of F.
    public let weightLayers: Int
    /// Of x_l and of y_l; of several tensors the first.
    public let input: Shape
    public let output: Shape
    /// Of x_l.
    public let stage: Int
    /// Whether f holds weight layers.
    public let isTransition: Bool
    /// Names of its merges' results.
    public let merges: [String]
    /// How many operands bring h, and how many F.
    public let shortcutOperands: Int
    public let branchOperands: Int

    init(_ l: Int, of model: ResidualModel, numbers: ModelNumbers) {
        let (path, unit, x) = (model.path, model.units[l], model.rows[l].values)
        func run(_ starts: [Graph.ValueID], _ ends: [Graph.ValueID]) -> [OperatorSignature] {
            path.computing(from: starts, to: ends).compactMap {
                OperatorSignature(of: $0, in: path, numbers: numbers)
            }
        }
        let leaves = unit.streams.flatMap(\.shortcutLeaves)
        index = l
        label = unit.label
        kind = unit.kind
        shortcut = run(x, leaves.map(\.value))
        let branchEnds = unit.branchEdges.map(\.value)
        branch = run(x, branchEnds)
        weightLayers = path.operators(from: x, to: branchEnds).count(where: path.isWeightLayer)
        after = run(unit.results, model.rows[l + 1].values)
        input = path.graph.nodes[x[0]].shape
        output = path.graph.nodes[unit.results[0]].shape
        stage = model.rows[l].stage
        isTransition = unit.isTransition
        merges = unit.results.map { path.graph.nodes[$0].name }
        (shortcutOperands, branchOperands) = (leaves.count, unit.branchEdges.count)
    }

    /// Whether y_l has the shape of x_l.
    public var keepsShape: Bool { input == output }

    /// Whether another unit has the same operators and sizes.
    func repeats(_ other: UnitStructure) -> Bool {
        (kind, shortcut, branch, after) == (other.kind, other.shortcut, other.branch, other.after)
            && (input, output, isTransition) == (other.input, other.output, other.isTransition)
    }
}

extension SignalPath {
    /// The operators on the way from some values to others, without those that only move data, each behind its operands and
    /// in their order: whichever order a file has parallel ways in, equal structures give equal runs.
    func computing(from starts: [Graph.ValueID], to ends: [Graph.ValueID]) -> [Graph.ValueID] {
        let way = Set(operators(from: starts, to: ends))
        var (run, seen) = ([Graph.ValueID](), Set<Graph.ValueID>())
        // Depth first, without recursion: the way may be long.
        var open: [(value: Graph.ValueID, isLeft: Bool)] = ends.reversed().map { ($0, false) }
        while let (value, isLeft) = open.popLast() {
            if isLeft {
                if !movesData(value) { run.append(value) }
            } else if way.contains(value), seen.insert(value).inserted {
                open.append((value, true))
                open += signalOperands(of: value).reversed().map { ($0.value, false) }
            }
        }
        return run
    }
}
