import Graphs
import Operators
import Tensors

/// Small residual networks of many kinds, written down value by value: those of `Scripts/pytorch/make_graph_fixtures.py`,
/// in the same order of parameters and rows.
final class HandMadeNetwork {
    var graph = GraphBuilder()
    /// Values that are asked for.
    private(set) var rows: [Graph.ValueID] = []
    /// What its user says of it.
    private(set) var overrides = UnitOverrides()
    private var finished: Graph?
    private var parameters = 0

    static let width = 4

    func input(batch: Int = 2) -> Graph.ValueID { graph.input("x", shape: Shape(axes: [batch, Self.width])) }

    /// A number for the name of a parameter.
    func count() -> Int {
        parameters += 1
        return parameters
    }

    func dense(_ x: Graph.ValueID) throws -> Graph.ValueID {
        let place = count()
        let weights = graph.parameter("w\(place)", shape: Shape(axes: [graph.shape(of: x)[1], Self.width]))
        return try graph.apply(MatMul(), to: x, weights, label: "dense\(place)")
    }

    func relu(_ x: Graph.ValueID) throws -> Graph.ValueID { try graph.apply(Relu(), to: x) }
    func branch(_ x: Graph.ValueID) throws -> Graph.ValueID { try dense(relu(dense(x))) }
    func add(_ x: Graph.ValueID, _ y: Graph.ValueID) throws -> Graph.ValueID {
        try graph.apply(Add(), to: x, y)
    }
    func product(_ x: Graph.ValueID, _ y: Graph.ValueID) throws -> Graph.ValueID {
        try graph.apply(Mul(), to: x, y)
    }
    func scale(_ x: Graph.ValueID, by factor: Double) throws -> Graph.ValueID {
        let number = graph.constant([factor], shape: Shape(axes: []))
        return try product(x, number)
    }
    func normalize(_ x: Graph.ValueID) throws -> Graph.ValueID {
        try graph.apply(Standardization(over: .trailingAxes(from: 1)), to: x)
    }
    func concatenate(_ x: Graph.ValueID, _ y: Graph.ValueID) throws -> Graph.ValueID {
        try graph.apply(Concat(axis: 1), to: x, y)
    }

    @discardableResult
    func row(_ x: Graph.ValueID) -> Graph.ValueID {
        rows.append(x)
        return x
    }

    func table(_ output: Graph.ValueID) throws -> UnitTable {
        try UnitTable(of: finished ?? graph.graph(output: output), overrides: overrides)
    }

    func model(_ output: Graph.ValueID) throws -> ResidualModel {
        try ResidualModel(of: finished ?? graph.graph(output: output), overrides: overrides)
    }

    /// One of the fixtures' networks on a batch of three.
    static func named(_ name: String) throws -> (network: HandMadeNetwork, output: Graph.ValueID) {
        let n = HandMadeNetwork()
        var x = n.input(batch: 3)
        switch name {
        case "identity":
            x = n.row(try n.dense(x))
            for _ in 0..<3 { x = n.row(try n.add(x, n.branch(x))) }
        case "scaled":
            x = n.row(try n.dense(x))
            for factor in [0.5, -1.5] { x = n.row(try n.add(n.scale(x, by: factor), n.branch(x))) }
        case "post_activation":
            x = n.row(try n.relu(n.dense(x)))
            for _ in 0..<2 { x = n.row(try n.relu(n.add(n.branch(x), x))) }
        case "post_norm":
            x = n.row(try n.dense(x))
            for _ in 0..<2 { x = n.row(try n.normalize(n.add(x, n.branch(x)))) }
        case "gate":
            x = n.row(try n.dense(x))
            for _ in 0..<2 {
                let gate = try n.graph.apply(Sigmoid(), to: n.dense(x))
                let one = n.graph.constant([1], shape: Shape(axes: []))
                let shut = try n.graph.apply(Add.subtracting, to: one, gate)
                x = n.row(try n.add(n.product(shut, x), n.product(gate, n.branch(x))))
            }
        case "gate_interpolated":
            x = n.row(try n.dense(x))
            for _ in 0..<2 {
                let gate = try n.graph.apply(Sigmoid(), to: n.dense(x))
                x = n.row(
                    try n.add(n.product(n.graph.apply(Add.subtracting, to: n.branch(x), x), gate), x))
            }
        case "projection":
            x = n.row(try n.dense(x))
            x = n.row(try n.add(n.branch(x), n.dense(x)))
        case "taps":
            let x0 = n.row(try n.dense(x))
            let x1 = n.row(try n.add(x0, n.branch(x0)))
            x = n.row(try n.add(n.scale(x1, by: 0.9), n.scale(x0, by: 0.1)))
            x = try n.add(x, n.branch(x))
        case "streams":
            let (a, b) = (n.row(try n.dense(x)), n.row(try n.dense(x)))
            let branch = try n.branch(n.product(a, b))
            let (first, second) = (n.row(try n.add(a, branch)), n.row(try n.add(b, n.scale(branch, by: 2))))
            x = try n.concatenate(first, second)
        case "mixed_streams":
            var (a, b) = (n.row(try n.dense(x)), n.row(try n.dense(x)))
            for _ in 0..<2 {
                let branch = try n.branch(n.product(a, b))
                let first = try n.add(n.add(n.scale(a, by: 0.6), n.scale(b, by: 0.4)), branch)
                let second = try n.add(
                    n.add(n.scale(a, by: 0.3), n.scale(b, by: 0.7)), n.scale(branch, by: 2))
                (a, b) = (n.row(first), n.row(second))
            }
            x = try n.concatenate(a, b)
        case "added_skip", "added_skip_excluded", "added_skip_inside": x = try n.addedSkip(x, named: name)
        case "skip_over_units":
            x = n.row(try n.dense(x))
            x = n.row(try n.add(x, n.branch(x)))
            let kept = x
            x = n.row(try n.dense(x))
            x = n.row(try n.add(x, n.branch(x)))
            x = n.row(try n.dense(n.concatenate(x, kept)))
            x = n.row(try n.add(x, n.branch(x)))
        case "nested":
            x = n.row(try n.dense(x))
            for _ in 0..<2 {
                let inner = try n.dense(x)
                x = n.row(try n.add(x, n.dense(n.add(inner, n.branch(inner)))))
            }
        default: throw GraphError.missingInput(name: name)
        }
        return (n, try n.splittingGates(n.dense(x)))
    }

    /// A U-net whose skip is added: a unit of its own, whose branch holds the units that it skips.
    private func addedSkip(_ input: Graph.ValueID, named name: String) throws -> Graph.ValueID {
        var outer = [try dense(input)]
        outer.append(try add(outer[0], branch(outer[0])))
        var inner = [try dense(outer[1])]
        for _ in 0..<2 { inner.append(try add(inner[inner.count - 1], branch(inner[inner.count - 1]))) }
        outer.append(try add(outer[1], dense(inner[2])))
        outer.append(try add(outer[2], branch(outer[2])))
        switch name {
        case "added_skip_excluded":
            rows = outer[..<2] + inner + outer[2...]
            overrides.notUnits = [try graph.graph(output: outer[2]).nodes[outer[2]].name]
        case "added_skip_inside":
            rows = inner
            overrides.stack = 1
        default: rows = outer
        }
        return outer[3]
    }

    /// Splits gates, after which nothing can be added.
    private func splittingGates(_ output: Graph.ValueID) throws -> Graph.ValueID {
        let (split, places) = try graph.graph(output: output).splittingGates()
        (finished, rows) = (split, rows.map { places[$0] })
        return places[output]
    }
}
