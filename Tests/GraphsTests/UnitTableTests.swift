import Graphs
import Operators
import Tensors
import Testing

/// The rules for residual units on hand-made graphs: the hard cases, each with the answer that was written down first.
struct UnitTableTests {
    @Test("Identity shortcuts, with the fork at x_l and at an activation that both paths read")
    func identity() throws {
        let net = HandMadeNetwork()
        var x = try net.dense(net.input())
        var forks: [Graph.ValueID] = []
        for _ in 0..<3 {
            forks.append(x)
            x = try net.add(x, net.branch(x))
        }
        let table = try net.table(net.dense(x))
        #expect(table.units.map(\.kind) == [.identity, .identity, .identity])
        #expect(table.units.map { $0.streams[0].roles.forks } == forks.map { [$0] })
        #expect(table.stacks == [[0, 1, 2]] && table.rejected.isEmpty)
    }

    @Test("Post-activation: the fork is what f makes of the merge before")
    func postActivation() throws {
        let net = HandMadeNetwork()
        var x = try net.relu(net.dense(net.input()))
        for _ in 0..<2 { x = try net.relu(net.add(net.branch(x), x)) }
        let table = try net.table(net.dense(x))
        #expect(table.units.map(\.kind) == [.identity, .identity])
        #expect(table.units[1].streams[0].roles.shortcut == [1])
    }

    @Test("A scaled shortcut and a learned scalar take no weight layer")
    func scaled() throws {
        let net = HandMadeNetwork()
        let x = try net.dense(net.input())
        let alpha = net.graph.parameter("alpha", shape: Shape(axes: []))
        let branch = try net.graph.apply(Mul(), to: net.branch(x), alpha)
        let table = try net.table(net.add(net.scale(x, by: 0.5), branch))
        #expect(table.units.map(\.kind) == [.weightFree])
        #expect(table.units[0].streams[0].roles.forks == [x])
    }

    @Test("A gate in the spelling (1 − g)∘x + g∘F: h is the gated x, the gate's own weights are in h and F")
    func gate() throws {
        let net = HandMadeNetwork()
        let x = try net.dense(net.input())
        let g = try net.graph.apply(Sigmoid(), to: net.dense(x))
        let one = net.graph.constant([1], shape: Shape(axes: []))
        let kept = try net.graph.apply(Mul(), to: net.graph.apply(Add.subtracting, to: one, g), x)
        let taken = try net.graph.apply(Mul(), to: g, net.branch(x))
        let table = try net.table(net.add(kept, taken))
        #expect(table.units.map(\.kind) == [.weightFree])
        let roles = table.units[0].streams[0].roles
        #expect(roles.shortcut == [0] && roles.branch == [1] && roles.forks == [x])
        // 1 − g has one signal operand: no merge.
        #expect(table.rejected.isEmpty)
    }

    @Test(
        "A projection: h is the operand with the fewest weight layers, of equal ones with the fewest weights")
    func projection() throws {
        let net = HandMadeNetwork()
        let x = try net.dense(net.input())
        let table = try net.table(net.add(net.branch(x), net.dense(x)))
        #expect(table.units.map(\.kind) == [.projection])
        #expect(table.units[0].streams[0].roles.shortcut == [1])
        #expect(table.units[0].streams[0].roles.forks == [x])

        let alike = HandMadeNetwork()
        let y = try alike.dense(alike.input())
        let refused = try alike.table(alike.add(alike.dense(y), alike.dense(y)))
        #expect(refused.units.isEmpty && refused.rejected.map(\.reason) == [.operandsAlike])
    }

    @Test("Taps of x_0 are no units; both operands are direct")
    func taps() throws {
        let net = HandMadeNetwork()
        let x0 = try net.dense(net.input())
        let x1 = try net.add(x0, net.branch(x0))
        let tapped = try net.add(net.scale(x1, by: 0.9), net.scale(x0, by: 0.1))
        let table = try net.table(net.add(tapped, net.branch(tapped)))
        #expect(table.units.map(\.kind) == [.identity, .identity])
        #expect(table.rejected.map(\.reason) == [.noBranch])
        #expect(table.units[1].streams[0].roles.forks == [tapped])
    }

    @Test("A tap in the tree of a merge is a leaf of h")
    func tapInTheTree() throws {
        let net = HandMadeNetwork()
        let x0 = try net.dense(net.input())
        let x1 = try net.add(x0, net.branch(x0))
        let table = try net.table(
            net.add(net.add(net.scale(x1, by: 0.9), net.scale(x0, by: 0.1)), net.branch(x1)))
        let unit = table.units[1].streams[0]
        #expect(unit.merge.leaves.count == 3 && unit.roles.shortcut == [0, 1] && unit.roles.branch == [2])
    }

    @Test("Units inside a residual branch are nested, and no part of its stack")
    func nested() throws {
        let net = HandMadeNetwork()
        var x = try net.dense(net.input())
        for _ in 0..<2 {
            let inner = try net.dense(x)
            let merged = try net.add(inner, net.branch(inner))
            x = try net.add(x, net.dense(merged))
        }
        let table = try net.table(net.dense(x))
        #expect(table.units.map(\.level) == [1, 0, 1, 0])
        #expect(table.stacks.first == [1, 3])
        #expect(table.units[0].parents == [1])
    }

    @Test(
        "Parallel branches are leaves of one tree: one unit; two streams that one branch feeds are one as well"
    )
    func parallel() throws {
        let net = HandMadeNetwork()
        let x = try net.dense(net.input())
        let table = try net.table(net.add(net.add(x, net.branch(x)), net.branch(x)))
        #expect(table.units.count == 1 && table.units[0].streams[0].roles.branch == [1, 2])

        let two = HandMadeNetwork()
        let input = two.input()
        let (a, b) = (try two.dense(input), try two.dense(input))
        let branch = try two.branch(two.graph.apply(Mul(), to: a, b))
        let (next, other) = (try two.add(a, branch), try two.add(b, two.scale(branch, by: 2)))
        let streams = try two.table(two.dense(two.graph.apply(Concat(axis: 1), to: next, other)))
        #expect(streams.units.count == 1 && streams.units[0].streams.count == 2)
    }

    @Test("Biases, x − mean(x) and separate inputs make no unit; a plain network has none")
    func none() throws {
        let net = HandMadeNetwork()
        let x = try net.dense(net.input())
        let bias = net.graph.parameter("b", shape: Shape(axes: [4]))
        let biased = try net.add(x, bias)
        let mean = try net.graph.apply(ReduceSum(ReducedAxes([1]), isMean: true), to: biased)
        let table = try net.table(net.dense(net.graph.apply(Add.subtracting, to: biased, mean)))
        #expect(table.units.isEmpty && table.rejected.map(\.reason) == [.noBranch])
        #expect(table.rejected[0].merge.leaves.count == 2)
    }

    @Test("What the user says of a merge counts")
    func overrides() throws {
        let net = HandMadeNetwork()
        let x = try net.dense(net.input())
        let (left, right) = (try net.dense(x), try net.dense(x))
        let sum = try net.add(left, right)
        let path = try SignalPath(of: net.graph.graph(output: sum))
        var overrides = UnitOverrides()
        overrides.shortcuts = [sum: [right]]
        let table = UnitTable(of: path, overrides: overrides)
        #expect(table.units.map(\.kind) == [.override] && table.units[0].streams[0].roles.shortcut == [1])
        overrides = UnitOverrides()
        overrides.notUnits = [sum]
        let none = UnitTable(of: path, overrides: overrides)
        #expect(none.units.isEmpty && none.rejected.isEmpty)
    }

    @Test("A graph that cannot be is refused")
    func refusals() throws {
        let net = HandMadeNetwork()
        let x = net.input()
        #expect(throws: GraphError.self) { try net.graph.apply(Relu(), to: 7) }
        let error = #expect(throws: GraphError.self) {
            try net.graph.apply(MatMul(), to: x, x, label: "product")
        }
        #expect(
            error?.description.hasPrefix("product: MatMul cannot take operands of the shapes (2, 4), (2, 4)")
                == true)
        #expect(throws: GraphError.self) { try net.graph.graph(output: 9) }
        let constant = net.graph.constant([1], shape: Shape(axes: [1]))
        #expect(throws: GraphError.self) { try SignalPath(of: net.graph.graph(output: constant)) }
    }
}
