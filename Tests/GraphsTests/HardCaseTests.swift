import Graphs
import Kernels
import Operators
import Tensors
import Testing

/// What the rules say of the networks that people build: each answer was written down before it was tried.
struct HardCaseTests {
    /// Kinds of the stack that is reported.
    private func kinds(_ net: HandMadeNetwork, _ output: Graph.ValueID) throws -> [UnitRoles.Kind] {
        try net.model(output).units.map(\.kind)
    }

    // MARK: Convolutional

    @Test("Squeeze and excitation, and attention by a convolution over channels, lie in F as one operand")
    func squeezed() throws {
        let net = HandMadeNetwork()
        let x = try net.convolve(net.image())
        let branch = try net.block(x)
        let means = try net.graph.apply(ReduceSum(ReducedAxes([2, 3]), isMean: true), to: branch)
        let gate = try net.graph.apply(
            Sigmoid(), to: net.convolve(net.relu(net.convolve(means, kernel: 1)), kernel: 1))
        let excited = try net.product(branch, gate)
        let table = try net.table(net.classify(net.add(x, excited)))
        #expect(table.units.map(\.kind) == [.identity] && table.rejected.isEmpty)
        #expect(table.units[0].streams[0].branchLeaves.map(\.value) == [excited])

        let efficient = HandMadeNetwork()
        let z = try efficient.convolve(efficient.image())
        let inner = try efficient.block(z)
        let pooled = try efficient.graph.apply(ReduceSum(ReducedAxes([2, 3]), isMean: true), to: inner)
        let row = try efficient.graph.apply(Reshape([2, 1, 1, 4]), to: pooled)
        let weights = try efficient.graph.apply(
            Reshape([2, 4, 1, 1]), to: efficient.graph.apply(Sigmoid(), to: efficient.convolve(row)))
        let output = try efficient.classify(efficient.add(efficient.product(inner, weights), z))
        #expect(try kinds(efficient, output) == [.identity])
    }

    @Test("A shortcut that is pooled alone is weight-free, pooled and convolved a projection")
    func pooled() throws {
        for isProjected in [false, true] {
            let net = HandMadeNetwork()
            let x = try net.relu(net.convolve(net.image()))
            let pooled = try net.pool(x)
            let shortcut = isProjected ? try net.normalizeBatch(net.convolve(pooled, kernel: 1)) : pooled
            let x1 = try net.relu(net.add(net.block(x, stride: 2), shortcut))
            let x2 = try net.relu(net.add(net.block(x1), x1))
            let model = try net.model(net.classify(x2))
            #expect(model.units.map(\.kind) == [isProjected ? .projection : .weightFree, .identity])
            #expect(model.rows.map(\.values) == [[x], [x1], [x2]])
            // Half the size.
            #expect(model.rows.map(\.stage) == [0, 1, 1])
        }
    }

    @Test(
        "conv1×1 shortcuts and RepVGG without identity are projections: fewest weight layers, then fewest weights"
    )
    func projections() throws {
        let net = HandMadeNetwork()
        let x = try net.relu(net.convolve(net.image()))
        let shortcut = try net.convolve(x, kernel: 1)
        let x1 = try net.relu(net.add(shortcut, net.block(x)))
        let (wide, narrow) = (try net.convolve(x1), try net.convolve(x1, kernel: 1))
        let table = try net.table(net.classify(net.relu(net.add(wide, narrow))))
        #expect(table.units.map(\.kind) == [.projection, .projection])
        #expect(table.units[0].streams[0].shortcutLeaves.map(\.value) == [shortcut])
        #expect(table.units[1].streams[0].shortcutLeaves.map(\.value) == [narrow])
    }

    @Test("Res2Net: sums inside the branch are nested")
    func hierarchical() throws {
        let net = HandMadeNetwork()
        var x = try net.relu(net.convolve(net.image()))
        var rows = [x]
        for _ in 0..<3 {
            let wide = try net.relu(net.convolve(x, kernel: 1))
            let parts = try (0..<2).map {
                try net.graph.apply(Slice([.init(axis: 1, start: 2 * $0, end: 2 * $0 + 2)]), to: wide)
            }
            let first = try net.convolve(parts[0])
            let second = try net.convolve(net.add(first, parts[1]))
            x = try net.relu(net.add(x, net.convolve(net.concatenate(first, second), kernel: 1)))
            rows.append(x)
        }
        let table = try net.table(net.classify(x))
        #expect(table.units.map(\.level) == [1, 0, 1, 0, 1, 0])
        let model = try ResidualModel(table)
        #expect(model.units.map(\.kind) == [.identity, .identity, .identity])
        #expect(model.rows.map(\.values) == rows.map { [$0] })
    }

    @Test("A long shortcut over all blocks is a unit, and the blocks, nested in it, are the largest stack")
    func longShortcut() throws {
        let net = HandMadeNetwork()
        let first = try net.convolve(net.image())
        var x = first
        for _ in 0..<4 { x = try net.add(x, net.block(x)) }
        let last = x
        let output = try net.convolve(net.add(first, net.convolve(x)))
        let table = try net.table(output)
        let model = try ResidualModel(table)
        #expect(table.units.count == 5 && model.units.count == 4 && model.isNested)
        #expect(model.rows.first?.values == [first] && model.rows.last?.values == [last])
    }

    /// Blocks down, in the middle and up: 4, 2 and 4.
    private func network(
        _ net: HandMadeNetwork, joining join: (Graph.ValueID, Graph.ValueID) throws -> Graph.ValueID
    ) throws -> (output: Graph.ValueID, joins: [Graph.ValueID]) {
        var (x, kept, joins) = (try net.convolve(net.image()), [Graph.ValueID](), [Graph.ValueID]())
        func twice() throws { for _ in 0..<2 { x = try net.add(x, net.block(x)) } }
        for _ in 0..<2 {
            try twice()
            kept.append(x)
            x = try net.convolve(x)
        }
        try twice()
        for skip in kept.reversed() {
            joins.append(try join(skip, net.convolve(x)))
            x = joins[joins.count - 1]
            try twice()
        }
        return (try net.classify(x), joins)
    }

    @Test("U-net with concatenated skips: all ten blocks are one stack")
    func concatenatedSkips() throws {
        let net = HandMadeNetwork()
        let (output, _) = try network(net) { try net.convolve(net.concatenate($0, $1), to: 4) }
        let model = try net.model(output)
        #expect(model.units.map(\.kind) == Array(repeating: .identity, count: 10) && !model.isNested)
        #expect(
            model.units.map(\.isTransition)
                == [1, 3, 5, 7].reduce(into: Array(repeating: false, count: 10)) { $0[$1] = true })
    }

    @Test("U-net with added skips: long sums are units and hold a stack; without them it is ten blocks")
    func addedSkips() throws {
        let net = HandMadeNetwork()
        let (output, joins) = try network(net) { try net.add($0, $1) }
        let graph = try net.graph.graph(output: output)
        let table = try UnitTable(of: graph)
        // The block behind the long shortcut has its sum in the same tree as nothing else.
        #expect(table.units.count == 12)
        #expect(Set(table.stacks.map(\.count)) == [5, 2])
        var overrides = UnitOverrides()
        overrides.notUnits = Set(joins.map { graph.nodes[$0].name })
        let excluded = try UnitTable(of: graph, overrides: overrides)
        #expect(excluded.stacks.map(\.count) == [10])
        #expect(excluded.rejected.map(\.reason) == [.excluded, .excluded])
    }

    @Test("Plain networks, Inception and DenseNet have no unit, and are refused with the listing")
    func none() throws {
        let plain = HandMadeNetwork()
        let stacked = try plain.classify(plain.block(plain.block(plain.image())))
        let inception = HandMadeNetwork()
        let x = try inception.relu(inception.convolve(inception.image()))
        let joined = try inception.concatenate(
            inception.convolve(x, kernel: 1), inception.convolve(inception.convolve(x, kernel: 1)))
        let dense = HandMadeNetwork()
        var features = try dense.convolve(dense.image())
        for _ in 0..<3 {
            features = try dense.concatenate(features, dense.convolve(dense.relu(features), to: 4))
        }
        for (net, output) in [
            (plain, stacked), (inception, try inception.classify(joined)),
            (dense, try dense.classify(features)),
        ] {
            let error = #expect(throws: ResidualModelError.self) { try net.model(output) }
            #expect(error?.description.hasPrefix("No residual unit found: 0 sums of signals.") == true)
        }
    }

    @Test("Cross-stage partial networks: units inside one part of what is concatenated are found")
    func crossStage() throws {
        let net = HandMadeNetwork()
        var (x, forks) = (try net.relu(net.convolve(net.image())), [Graph.ValueID]())
        for _ in 0..<2 {
            let kept = try net.convolve(x, to: 2, kernel: 1)
            var part = try net.convolve(x, to: 2, kernel: 1)
            for _ in 0..<2 {
                forks.append(part)
                part = try net.add(part, net.block(part))
            }
            x = try net.convolve(net.concatenate(kept, part), to: 4, kernel: 1)
        }
        let model = try net.model(net.classify(x))
        #expect(model.units.map(\.kind) == Array(repeating: .identity, count: 4))
        #expect(model.units.map(\.isTransition) == [false, true, false, false])
        #expect(model.rows.dropLast().map(\.values) == forks.map { [$0] })
    }

    @Test("Pooling as a token mixer has no weights: half of the units, and all of them by an override")
    func poolingMixer() throws {
        let net = HandMadeNetwork()
        var (x, sums, forks) = (try net.convolve(net.image()), [Graph.ValueID](), [Graph.ValueID]())
        for index in 0..<4 {
            let axis = ConvolutionWindow.Axis(kernel: 3, before: 1, after: 1)
            let pool = AveragePool(ConvolutionWindow([axis, axis]))
            let branch =
                index.isMultiple(of: 2)
                ? try net.graph.apply(pool, to: net.normalizeBatch(x)) : try net.block(x)
            forks.append(x)
            x = try net.add(x, branch)
            sums.append(x)
        }
        let output = try net.classify(x)
        let graph = try net.graph.graph(output: output)
        #expect(try UnitTable(of: graph).units.map(\.forks) == [[forks[1]], [forks[3]]])
        var overrides = UnitOverrides()
        for place in [0, 2] {
            overrides.shortcuts[graph.nodes[sums[place]].name] = [graph.nodes[forks[place]].name]
        }
        let table = try UnitTable(of: graph, overrides: overrides)
        #expect(table.units.map(\.kind) == [.override, .identity, .override, .identity])
        #expect(table.units.map(\.forks) == forks.map { [$0] } && table.stacks == [[0, 1, 2, 3]])
    }

    @Test("Class attention: the first sum has a parameter for its stream, and one signal")
    func classToken() throws {
        let net = HandMadeNetwork()
        let patches = try net.linear(net.sequence())
        var token = try net.graph.apply(Expand(to: Shape(axes: [2, 1, 4])), to: net.parameter(1, 1, 4))
        for index in 0..<4 {
            let all = try net.graph.apply(Concat(axis: 1), to: token, patches)
            let branch = index.isMultiple(of: 2) ? try net.attend(token, to: all) : try net.feedForward(token)
            token = try net.add(token, branch)
        }
        #expect(try kinds(net, net.linear(token)) == [.identity, .identity, .identity])
    }

    // MARK: Shortcuts that are more than an identity

    @Test("LayerScale, ReZero, a factor that is constant and a dropout that is gone take no weight layer")
    func scales() throws {
        let net = HandMadeNetwork()
        var x = try net.dense(net.input())
        var rows = [x]
        for factor in [
            net.parameter(4), net.parameter(), net.graph.constant([0.2], shape: Shape(axes: [])),
        ] {
            let scaled = try net.product(net.branch(x), factor)
            x = try net.add(x, net.graph.apply(Identity(name: "Dropout"), to: scaled))
            rows.append(x)
        }
        let model = try net.model(net.dense(x))
        #expect(model.units.map(\.kind) == [.identity, .identity, .identity])
        #expect(model.rows.map(\.values) == rows.map { [$0] })
    }

    @Test("Gates: what is kept of x is h with the gate's derivative, what is let in is F, in every spelling")
    func gates() throws {
        typealias Spelling = (HandMadeNetwork, _ x: Graph.ValueID, _ g: Graph.ValueID, _ f: Graph.ValueID)
            throws -> Graph.ValueID
        func shut(_ n: HandMadeNetwork, _ g: Graph.ValueID) throws -> Graph.ValueID {
            try n.graph.apply(Add.subtracting, to: n.graph.constant([1], shape: Shape(axes: [])), g)
        }
        func difference(_ n: HandMadeNetwork, _ x: Graph.ValueID, _ y: Graph.ValueID) throws -> Graph.ValueID
        {
            try n.graph.apply(Add.subtracting, to: x, y)
        }
        // Names: operands of h and of F.
        let spellings: [(String, operands: (Int, Int), Spelling)] = [
            ("highway", (1, 1), { n, x, g, f in try n.add(n.product(shut(n, g), x), n.product(g, f)) }),
            ("exclusive", (1, 1), { n, x, g, f in try n.add(f, n.product(x, shut(n, g))) }),
            ("GRU", (1, 1), { n, x, g, f in try n.add(n.product(shut(n, g), f), n.product(g, x)) }),
            ("x + g (F − x)", (2, 1), { n, x, g, f in try n.add(x, n.product(g, difference(n, f, x))) }),
            ("(F − x) g + x", (2, 1), { n, x, g, f in try n.add(n.product(difference(n, f, x), g), x) }),
            ("F + g (x − F)", (1, 2), { n, x, g, f in try n.add(f, n.product(g, difference(n, x, f))) }),
            (
                "x − g (x − F)", (2, 1),
                { n, x, g, f in try difference(n, x, n.product(g, difference(n, x, f))) }
            ),
        ]
        for (name, operands, spelling) in spellings {
            let net = HandMadeNetwork()
            var x = try net.dense(net.input())
            for _ in 0..<2 {
                let gate = try net.graph.apply(Sigmoid(), to: net.dense(x))
                x = try spelling(net, x, gate, net.branch(x))
            }
            let table = try net.table(net.dense(x))
            #expect(table.units.map(\.kind) == [.weightFree, .weightFree], "\(name)")
            #expect(table.rejected.isEmpty, "\(name)")
            for unit in table.units {
                let stream = unit.streams[0]
                #expect(stream.roles.shortcut.count == operands.0, "\(name)")
                #expect(stream.roles.branch.count == operands.1, "\(name)")
            }
            // The second fork is the first sum.
            #expect(table.units[1].forks == [table.units[0].streams[0].result], "\(name)")
        }
    }

    @Test(
        "An interpolation that takes the nearer end's formula is one unit of two sums, of which each element takes one"
    )
    func interpolation() throws {
        let net = HandMadeNetwork()
        var x = try net.dense(net.input())
        for _ in 0..<2 {
            let gate = try net.graph.apply(Sigmoid(), to: net.dense(x))
            let branch = try net.branch(x)
            let apart = try net.graph.apply(Add.subtracting, to: branch, x)
            let one = net.graph.constant([1], shape: Shape(axes: []))
            let shut = try net.graph.apply(Add.subtracting, to: one, gate)
            let near = try net.add(x, net.product(gate, apart))
            let far = try net.graph.apply(Add.subtracting, to: branch, net.product(apart, shut))
            let isNear = net.graph.constant(whole: [1], shape: Shape(axes: [1]))
            x = try net.graph.apply(Where(), to: isNear, near, far)
        }
        let output = try net.dense(x)
        let model = try net.model(output)
        #expect(model.units.map(\.streams.count) == [2, 2])
        #expect(model.units.map(\.kind) == [.weightFree, .weightFree])
        // What follows the last sums takes from both as the units before do.
        #expect(model.rows.map(\.values.count) == [1, 1, 1])
    }

    @Test("Post-norm, DeepNorm and sandwich norm")
    func norms() throws {
        for alpha in [1, 1.5] {
            let net = HandMadeNetwork()
            var x = try net.linear(net.sequence())
            var rows = [x]
            for index in 0..<4 {
                let kept = alpha == 1 ? x : try net.scale(x, by: alpha)
                let branch = index.isMultiple(of: 2) ? try net.attend(x, to: x) : try net.feedForward(x)
                x = try net.standardize(net.add(kept, branch))
                rows.append(x)
            }
            let model = try net.model(net.linear(x))
            #expect(
                model.units.map(\.kind) == Array(repeating: alpha == 1 ? .identity : .weightFree, count: 4))
            #expect(model.rows.map(\.values) == rows.map { [$0] })
        }
        let net = HandMadeNetwork()
        var x = try net.linear(net.sequence())
        var rows = [x]
        for _ in 0..<2 {
            x = try net.add(x, net.standardize(net.feedForward(net.standardize(x))))
            rows.append(x)
        }
        let model = try net.model(net.linear(net.standardize(x)))
        #expect(model.units.map(\.kind) == [.identity, .identity])
        #expect(model.rows.map(\.values) == rows.map { [$0] })
    }

    // MARK: Several branches and several streams

    @Test("Attention and feed-forward in parallel are one unit; experts are a sum inside F")
    func branches() throws {
        let net = HandMadeNetwork()
        let x = try net.linear(net.sequence())
        let normed = try net.standardize(x)
        let x1 = try net.add(net.add(x, net.attend(normed, to: normed)), net.feedForward(normed))
        let router = try net.graph.apply(Softmax(), to: net.linear(x1, to: 2))
        let routed = try (0..<2).map { expert in
            let gate = try net.graph.apply(
                Slice([.init(axis: 2, start: expert, end: expert + 1)]), to: router)
            return try net.product(gate, net.feedForward(x1))
        }
        let experts = try net.add(net.add(routed[0], routed[1]), net.feedForward(x1))
        let x2 = try net.add(x1, net.scale(experts, by: 0.5))
        let table = try net.table(net.linear(x2))
        let model = try ResidualModel(table)
        #expect(model.units.map(\.kind) == [.identity, .identity])
        #expect(model.units[0].branchEdges.count == 2 && model.units[1].branchEdges.count == 1)
        #expect(model.rows.map(\.values) == [[x], [x1], [x2]])
    }

    @Test("Taps of x_0 are no units; a state of the middle that is taken back is a leaf of h")
    func taps() throws {
        let net = HandMadeNetwork()
        let x0 = try net.standardize(net.linear(net.sequence()))
        var (x, rows, middle) = (x0, [Graph.ValueID](), x0)
        for index in 0..<4 {
            x = try net.add(net.product(net.parameter(), x), net.product(net.parameter(), x0))
            rows.append(x)
            x = try net.add(x, net.feedForward(net.standardize(x)))
            if index == 1 { middle = x }
        }
        let taken = try net.product(net.parameter(), middle)
        let end = try net.graph.apply(Add.subtracting, to: x, taken)
        let table = try net.table(net.linear(net.standardize(end)))
        // The last sum of a unit is read by nothing but the one that takes the state back: they are one tree.
        #expect(table.units.map(\.kind) == [.identity, .identity, .identity, .weightFree])
        #expect(table.units[3].streams[0].shortcutLeaves.map(\.value) == [rows[3], taken])
        #expect(table.rejected.map(\.reason) == Array(repeating: .noBranch, count: 4))
        // Where a tap enters, the sum before does not dominate the fork.
        #expect(try ResidualModel(table).rows.map(\.values) == (rows + [end]).map { [$0] })
    }

    @Test(
        "Streams in one tensor: mixed by a learned matrix a projection, by a matrix of the signal weight-free"
    )
    func streamsInOneTensor() throws {
        for isDynamic in [false, true] {
            let net = HandMadeNetwork()
            let count = 3
            let start = try net.linear(net.graph.input("x", shape: Shape(axes: [2, 1, 4])))
            var x = try net.graph.apply(Expand(to: Shape(axes: [2, count, 4])), to: start)
            for _ in 0..<2 {
                let mixing =
                    isDynamic
                    ? try net.graph.apply(Softmax(), to: net.linear(x, to: count))
                    : net.parameter(count, count)
                let mixed = try net.graph.apply(MatMul(), to: mixing, x)
                let read = try net.graph.apply(MatMul(), to: net.parameter(1, count), x)
                let written = try net.graph.apply(
                    MatMul(), to: net.parameter(count, 1), net.feedForward(read))
                x = try net.add(mixed, written)
            }
            let model = try net.model(net.linear(x))
            #expect(
                model.units.map(\.kind) == Array(repeating: isDynamic ? .weightFree : .projection, count: 2))
            #expect(
                model.rows.map { model.shapes(of: $0) }
                    == Array(repeating: [Shape(axes: [2, count, 4])], count: 3))
        }
    }

    @Test(
        "Streams as tensors: one unit with a merge for each, and all their forks, whatever the order of nodes"
    )
    func separateStreams() throws {
        let (net, output) = try HandMadeNetwork.named("mixed_streams")
        let model = try net.model(output)
        let rows = net.rows
        #expect(model.units.map(\.streams.count) == [2, 2])
        #expect(model.rows.map(\.values) == [Array(rows[0..<2]), Array(rows[2..<4]), Array(rows[4..<6])])
    }

    @Test("A sum inside a branch that feeds two streams is nested: every way out passes one of the two")
    func nestedUnderStreams() throws {
        let net = HandMadeNetwork()
        let input = net.input()
        var (a, b) = (try net.dense(input), try net.dense(input))
        for _ in 0..<2 {
            let inner = try net.dense(net.product(a, b))
            let branch = try net.dense(net.add(inner, net.branch(inner)))
            (a, b) = (try net.add(a, branch), try net.add(b, net.scale(branch, by: 2)))
        }
        let table = try net.table(net.dense(net.concatenate(a, b)))
        #expect(table.units.map(\.level) == [1, 0, 1, 0])
        #expect(table.units.map(\.streams.count) == [1, 2, 1, 2] && table.stacks.first == [1, 3])
    }

    @Test("Encoder and decoder are one list; memory enters the decoder's units through F")
    func crossAttention() throws {
        let net = HandMadeNetwork()
        var memory = try net.linear(net.sequence("source", length: 5))
        var forks: [Graph.ValueID] = []
        for _ in 0..<2 {
            forks.append(memory)
            memory = try net.add(memory, net.attend(memory, to: memory))
        }
        var x = try net.linear(net.sequence("target"))
        for _ in 0..<2 {
            forks.append(x)
            x = try net.add(x, net.attend(x, to: x))
            forks.append(x)
            x = try net.add(x, net.attend(x, to: memory))
        }
        let table = try net.table(net.linear(x))
        #expect(table.stacks == [Array(0..<6)])
        #expect(table.units.map(\.forks) == forks.map { [$0] })
        let model = try ResidualModel(table)
        #expect(model.rows.map(\.values) == (forks + [x]).map { [$0] })
        #expect(model.rows.map(\.stage) == [0, 0, 1, 1, 1, 1, 1])
    }

    // MARK: Where the signal begins

    @Test(
        "Tokens: the signal begins at their embeddings; positions and what a router selects are no embeddings"
    )
    func embeddings() throws {
        let net = HandMadeNetwork()
        let tokens = net.graph.input("tokens", shape: Shape(axes: [2, 3]), isWhole: true)
        let embedded = try net.graph.apply(Gather(), to: net.parameter(7, 4), tokens)
        let places = net.graph.constant(whole: [0, 1, 2], shape: Shape(axes: [3]))
        let positions = try net.graph.apply(Gather(), to: net.parameter(3, 4), places)
        let x = try net.add(embedded, positions)
        let choice = try net.graph.apply(
            TopKIndices(TopK(1)), to: net.graph.apply(ReduceSum(ReducedAxes([1], keeping: false)), to: x))
        let selected = try net.graph.apply(Gather(), to: net.parameter(4, 4), choice)
        let factor = try net.graph.apply(ReduceSum(ReducedAxes([0])), to: selected)
        let gated = try net.product(net.feedForward(x), factor)
        let output = try net.linear(net.add(x, gated))
        let table = try net.table(output)
        #expect(table.path.carries(embedded) && !table.path.carries(tokens))
        #expect(!table.path.carries(positions) && !table.path.carries(selected))
        // Token and position have one signal between them.
        #expect(table.rejected.isEmpty)
        #expect(
            try ResidualModel(table).rows.map(\.values) == [
                [x], [net.graph.graph(output: output).operands(of: output)[0]],
            ])
    }

    @Test("Two embeddings are separate inputs: their sum is no unit")
    func twoEmbeddings() throws {
        let net = HandMadeNetwork()
        let tokens = net.graph.input("tokens", shape: Shape(axes: [2, 3]), isWhole: true)
        let kinds = net.graph.input("kinds", shape: Shape(axes: [2, 3]), isWhole: true)
        let sum = try net.add(
            net.graph.apply(Gather(), to: net.parameter(7, 4), tokens),
            net.graph.apply(Gather(), to: net.parameter(2, 4), kinds))
        let table = try net.table(net.linear(net.add(sum, net.feedForward(sum))))
        #expect(table.units.map(\.kind) == [.identity] && table.rejected.map(\.reason) == [.separateInputs])
    }
}
