import Graphs
import Operators
import Tensors
import Testing

/// Rows, stages and transitions of the models that are found in hand-made graphs.
struct ResidualModelTests {
    @Test(
        "The rows of every kind of network are those that its maker names",
        arguments: [
            "identity", "scaled", "post_activation", "post_norm", "gate", "projection",
        ])
    func rows(name: String) throws {
        let (network, output) = try HandMadeNetwork.named(name)
        let model = try ResidualModel(network.table(output))
        #expect(model.rows.map(\.values) == network.rows.map { [$0] })
        #expect(model.rows.allSatisfy { $0.stage == 0 } && model.units.allSatisfy { !$0.isTransition })
        #expect(!model.isNested)
    }

    @Test("Streams: a row is the set of their tensors")
    func streams() throws {
        let (network, output) = try HandMadeNetwork.named("streams")
        let model = try ResidualModel(network.table(output))
        #expect(model.rows.map(\.values) == [Array(network.rows[0...1]), Array(network.rows[2...3])])
        #expect(model.units[0].results == Array(network.rows[2...3]) && model.units[0].branchEdges.count == 2)
    }

    @Test("What lies between units with weights and without merge is a transition, and ends a stage")
    func transition() throws {
        let (network, output) = try HandMadeNetwork.named("skip_over_units")
        let model = try ResidualModel(network.table(output))
        let rows = network.rows
        #expect(model.rows.map(\.values) == [[rows[0]], [rows[2]], [rows[4]], [rows[5]]])
        #expect(model.units.map(\.isTransition) == [true, true, false])
        #expect(model.rows.map(\.stage) == [0, 1, 2, 2])
    }

    @Test(
        "Where f = identity occurs, the norm and activation that h and F of a transition share belong to the unit"
    )
    func preActivation() throws {
        let net = HandMadeNetwork()
        let x0 = try net.dense(net.input())
        let x1 = try net.add(x0, net.branch(net.relu(x0)))
        let shared = try net.relu(x1)
        let x2 = try net.add(net.dense(shared), net.branch(shared))
        let x3 = try net.add(x2, net.branch(net.relu(x2)))
        let model = try ResidualModel(net.table(net.dense(net.relu(x3))))
        #expect(model.units.map(\.kind) == [.identity, .projection, .identity])
        // The closing activation belongs to the head.
        #expect(model.rows.map(\.values) == [[x0], [x1], [x2], [x3]])
    }

    @Test("Without f = identity x_l is the fork, and x_L repeats the f before it")
    func postNorm() throws {
        let net = HandMadeNetwork()
        let gamma = net.graph.parameter("gamma", shape: Shape(axes: [4]))
        let x0 = try net.dense(net.input())
        let y0 = try net.add(x0, net.branch(x0))
        let x1 = try net.product(net.normalize(y0), gamma)
        let y1 = try net.add(x1, net.branch(x1))
        let x2 = try net.product(net.normalize(y1), gamma)
        let model = try ResidualModel(net.table(net.dense(net.normalize(x2))))
        #expect(model.rows.map(\.values) == [[x0], [x1], [x2]])
        #expect(model.units.map(\.results) == [[y0], [y1]])
    }

    @Test("Operators that only move data are no part of f")
    func moving() throws {
        let net = HandMadeNetwork()
        let x0 = try net.dense(net.input())
        let x1 = try net.add(x0, net.branch(x0))
        let moved = try net.graph.apply(Reshape([4, 2]), to: x1)
        let back = try net.graph.apply(Reshape([2, 4]), to: moved)
        let x2 = try net.add(back, net.branch(back))
        let model = try ResidualModel(net.table(net.dense(x2)))
        #expect(model.rows.map(\.values) == [[x0], [x1], [x2]])
    }

    @Test("A stack inside a branch is nested; its rows end where its cotangent enters")
    func nested() throws {
        let (network, output) = try HandMadeNetwork.named("nested")
        let table = try network.table(output)
        let outer = try ResidualModel(table)
        #expect(outer.rows.map(\.values) == network.rows.map { [$0] } && !outer.isNested)
        let inner = try ResidualModel(table, stack: 1)
        #expect(inner.isNested && inner.units.count == 1)
        #expect(inner.rows.last?.values == table.units[0].streams.map(\.result))
    }

    @Test("No unit and no such stack are refused")
    func refusals() throws {
        let net = HandMadeNetwork()
        let x = try net.dense(net.input())
        let table = try net.table(net.add(net.dense(x), net.dense(x)))
        let none = #expect(throws: ResidualModelError.self) { try ResidualModel(table) }
        #expect(none?.description.hasPrefix("No residual unit found: 1 sums of signals, of which 1") == true)
        let (network, output) = try HandMadeNetwork.named("identity")
        let found = try network.table(output)
        for stack in [-1, 1] {
            #expect(throws: ResidualModelError.self) { try ResidualModel(found, stack: stack) }
        }
    }
}
