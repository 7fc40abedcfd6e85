import Graphs
import Operators
import Tensors
import Testing

/// Rows, stages and transitions of the models that are found in hand-made graphs.
struct ResidualModelTests {
    @Test(
        "The rows of every kind of network are those that its maker names",
        arguments: [
            "identity", "scaled", "post_activation", "post_norm", "gate", "gate_interpolated", "projection",
            "added_skip", "added_skip_inside", "nested",
        ])
    func rows(name: String) throws {
        let (network, output) = try HandMadeNetwork.named(name)
        let model = try network.model(output)
        #expect(model.rows.map(\.values) == network.rows.map { [$0] })
        #expect(model.rows.allSatisfy { $0.stage == 0 } && model.units.allSatisfy { !$0.isTransition })
        #expect(model.isNested == (name == "added_skip_inside"))
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

    @Test("x_L repeats a norm that is written out in sums, products and means")
    func writtenNorm() throws {
        let net = HandMadeNetwork()
        func norm(_ y: Graph.ValueID) throws -> Graph.ValueID {
            let means = ReduceSum(ReducedAxes([1]), isMean: true)
            let centered = try net.graph.apply(Add.subtracting, to: y, net.graph.apply(means, to: y))
            let variance = try net.graph.apply(means, to: net.product(centered, centered))
            let epsilon = net.graph.constant([1e-5], shape: Shape(axes: []))
            let deviation = try net.graph.apply(Sqrt(), to: net.add(variance, epsilon))
            return try net.product(
                net.graph.apply(Div(), to: centered, deviation), net.parameter(4))
        }
        let x0 = try net.dense(net.input())
        let x1 = try norm(net.add(x0, net.branch(x0)))
        let x2 = try norm(net.add(x1, net.branch(x1)))
        let model = try net.model(net.dense(net.relu(x2)))
        #expect(model.rows.map(\.values) == [[x0], [x1], [x2]])
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

    @Test("What a maker states is what is found")
    func stated() throws {
        let net = HandMadeNetwork()
        var x = try net.dense(net.input())
        var (units, rows) = ([ResidualModel.Unit](), [ResidualModel.Row(values: [x], stage: 0)])
        for index in 0..<3 {
            let (branch, fork) = (try net.branch(x), x)
            x = try net.graph.apply(Add(), to: fork, branch, label: "unit\(index)")
            let merge = Merge(
                result: x,
                leaves: [.init(value: fork, sum: x, slot: 0), .init(value: branch, sum: x, slot: 1)])
            let roles = UnitRoles(kind: .identity, forks: [fork], shortcut: [0], branch: [1])
            units.append(
                .init(
                    streams: [UnitStream(merge: merge, roles: roles)], label: "unit\(index)", kind: .identity)
            )
            rows.append(.init(values: [x], stage: 0))
        }
        let found = try net.model(net.dense(x))
        let stated = ResidualModel(path: found.path, units: units, rows: rows)
        #expect(stated.units == found.units && stated.rows == found.rows && !stated.isNested)
    }

    @Test("Both spellings of a gate split alike at every row")
    func gates() throws {
        let spellings = try ["gate", "gate_interpolated"].map { name in
            try #require(PathSweepTests.Fixture.all.first { $0.name == name })
        }
        let gradients = try spellings.map { try HandMadeNetwork.gradients($0) }
        for (first, second) in zip(gradients[0], gradients[1]) {
            // Both in double precision, in another order of sums.
            #expect(distance(first.direct.plain.doubles, second.direct.plain.doubles) < 1e-13)
            #expect(distance(first.throughWeights.plain.doubles, second.throughWeights.plain.doubles) < 1e-13)
        }
    }

    @Test("The loss of a nested stack is ⟨g_e, x_e⟩: what bypasses it does not count")
    func nested() throws {
        let fixture = try #require(PathSweepTests.Fixture.all.first { $0.name == "added_skip_inside" })
        let gradients = try HandMadeNetwork.gradients(fixture)
        #expect(gradients.count == 3)
        for (row, gradient) in gradients.enumerated() {
            #expect(distance(gradient.total.plain.doubles, fixture.total[row]) < 1e-12, "row \(row)")
            #expect(distance(gradient.direct.plain.doubles, fixture.direct[row]) < 1e-12, "row \(row)")
        }
    }

    @Test("An excluded sum leaves its skip to the direct term, and a fork that another way reaches")
    func excluded() throws {
        let (network, output) = try HandMadeNetwork.named("added_skip_excluded")
        let model = try network.model(output)
        let rows = network.rows
        #expect(model.rows.map(\.values) == [[rows[0]], [rows[2]], [rows[3]], [rows[5]], [rows[6]]])
        #expect(model.units.map(\.isTransition) == [true, false, true, false])
    }

    @Test("No unit and no such stack are refused")
    func refusals() throws {
        let net = HandMadeNetwork()
        let x = try net.dense(net.input())
        let table = try net.table(net.add(net.dense(x), net.dense(x)))
        let none = #expect(throws: ResidualModelError.self) { try ResidualModel(table) }
        #expect(
            none?.description.hasPrefix(
                "No residual unit found: 1 sum of signals, of which 1 with operands alike.") == true)
        let (network, output) = try HandMadeNetwork.named("identity")
        let found = try network.table(output)
        for stack in [-1, 1] {
            #expect(throws: ResidualModelError.self) { try ResidualModel(found, stack: stack) }
        }
    }
}

extension HandMadeNetwork {
    /// The three at the rows of a fixture's model, for a nested stack with its own loss.
    fileprivate static func gradients(_ fixture: PathSweepTests.Fixture) throws -> [PathTerms<Double>] {
        let (network, output) = try named(fixture.name)
        let model = try ResidualModel(network.table(output), stack: network.overrides.stack)
        let evaluation = try GraphEvaluation<Double>(
            model.measuringPlan(),
            GraphArguments(
                inputs: ["x": Value(Tensor(fixture.input, shape: Shape(axes: [3, width])))],
                parameters: fixture.parameters.mapValues { Tensor($0.values, shape: Shape(axes: $0.shape)) }))
        let cotangent = Tensor<Double>(fixture.cotangent, shape: model.path.graph.nodes[output].shape)
        let seeds = try model.seeds(evaluation, from: ScaledTensor(cotangent))
        let rows = model.rows.flatMap(\.values)
        var found: [Graph.ValueID: PathTerms<Double>] = [:]
        let sweep = ReverseSweep<PathTerms<Double>>(
            cutting: model.units.flatMap(\.branchEdges), visiting: Set(rows))
        try sweep.run(evaluation, from: seeds) { found[$0] = $1 }
        return rows.compactMap { found[$0] }
    }
}
