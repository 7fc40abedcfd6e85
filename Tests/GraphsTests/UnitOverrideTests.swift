import Graphs
import Kernels
import Operators
import Tensors
import Testing

/// What users say against the rules, by names.
struct UnitOverrideTests {
    /// x + pool(x), x + F(x), W x + V x, by labels.
    private func network() throws -> Graph {
        let net = HandMadeNetwork()
        let x = try net.convolve(net.image())
        let axis = ConvolutionWindow.Axis(kernel: 3, before: 1, after: 1)
        let pooled = try net.graph.apply(
            AveragePool(ConvolutionWindow([axis, axis])), to: net.relu(x), label: "pooled")
        let x1 = try net.graph.apply(Add(), to: x, pooled, label: "mixed")
        let x2 = try net.graph.apply(Add(), to: x1, net.block(x1), label: "unit")
        let left = try net.graph.apply(Identity(), to: net.convolve(x2), label: "left")
        let right = try net.graph.apply(Identity(), to: net.convolve(x2), label: "right")
        let x3 = try net.graph.apply(Add(), to: left, right, label: "alike")
        for _ in 0..<2 { _ = net.graph.constant([1], shape: Shape(axes: []), label: "twice") }
        let output = try net.classify(x3)
        return try net.graph.graph(output: output)
    }

    private func listing(_ change: (inout UnitOverrides) -> Void) throws -> UnitListing {
        var overrides = UnitOverrides()
        change(&overrides)
        return UnitListing(try UnitTable(of: network(), overrides: overrides))
    }

    private func error(_ change: (inout UnitOverrides) -> Void) -> String {
        var description = "none"
        do { _ = try listing(change) } catch { description = "\(error)" }
        return description
    }

    @Test("Without a word: one unit, one sum without branch, one with operands alike")
    func rules() throws {
        let listing = try listing { _ in }
        #expect(listing.units.map(\.merges) == [["unit"]])
        #expect(listing.rejected.map(\.merge) == ["mixed", "alike"])
        #expect(listing.rejected.map(\.reason) == [.noBranch, .operandsAlike])
    }

    @Test("--shortcut names h; the unit begins where h and F part")
    func shortcut() throws {
        let listing = try listing {
            $0.shortcuts = ["alike": ["right"], "mixed": ["Conv_2"]]
        }
        #expect(listing.units.map(\.merges) == [["mixed"], ["unit"], ["alike"]])
        #expect(listing.units.map(\.kind) == [.override, .identity, .override])
        #expect(listing.units.map(\.forks) == [["Conv_2"], ["mixed"], ["unit"]])
        #expect(listing.units.map(\.branch)[2] == ["left"] && listing.units[0].weightLayers == 0)
    }

    @Test("--shortcut ends the tree of a sum that another takes in")
    func endOfTree() throws {
        let net = HandMadeNetwork()
        let x = try net.dense(net.input())
        let inner = try net.graph.apply(Add(), to: x, net.branch(x), label: "inner")
        let output = try net.dense(net.add(inner, net.branch(x)))
        let graph = try net.graph.graph(output: output)
        #expect(try UnitTable(of: graph).units.count == 1)
        var overrides = UnitOverrides()
        overrides.shortcuts = ["inner": [graph.nodes[x].name]]
        #expect(try UnitTable(of: graph, overrides: overrides).units.count == 2)
    }

    @Test("--not-a-unit, --weight-layer, --no-weight-layer, --output and --stack")
    func others() throws {
        #expect(
            try listing { $0.notUnits = ["unit"] }.rejected.map(\.reason) == [
                .noBranch, .excluded, .operandsAlike,
            ])
        // A pool that is said to be a weight layer makes the mixer a unit.
        #expect(
            try listing { $0.weightLayers = ["pooled": true] }.units.map(\.merges) == [["mixed"], ["unit"]])
        #expect(try listing { $0.output = "mixed" }.units.isEmpty)
        let layers = try network().nodes.filter { $0.operation is Conv }.map(\.name)
        let without = try listing { overrides in
            for layer in layers { overrides.weightLayers[layer] = false }
        }
        #expect(without.units.isEmpty)
        let (nested, output) = try HandMadeNetwork.named("nested")
        let table = try nested.table(output)
        #expect(try ResidualModel(table, stack: 2).units.count == 1)
    }

    @Test("An override that names nothing is refused, and says what there is")
    func refusals() throws {
        let sentences = [
            (error { $0.output = "nothing" }, "The graph has no value named nothing."),
            (error { $0.notUnits = ["nothing"] }, "The graph has no value named nothing."),
            (error { $0.notUnits = ["left"] }, "left is no merge: no sum of two or more signals ends there."),
            (error { $0.shortcuts = ["nothing": ["left"]] }, "The graph has no value named nothing."),
            (
                error { $0.shortcuts = ["pooled": ["left"]] },
                "pooled is no merge: no sum of two or more signals ends there."
            ),
            (
                error { $0.shortcuts = ["alike": ["unit"]] },
                "unit is no operand of the merge alike, whose operands are left, right."
            ),
            (
                error { $0.shortcuts = ["alike": ["left", "right"]] },
                "All operands of the merge alike are named as its shortcut, and none is left for the residual branch."
            ),
            (
                error { $0.shortcuts = ["alike": []] },
                "No operand of the merge alike is named as its shortcut; its operands are left, right."
            ),
            (error { $0.weightLayers = ["nothing": true] }, "The graph has no value named nothing."),
            (
                error { $0.weightLayers = ["image": true] },
                "image cannot be a weight layer: it is no operator between the input and the output."
            ),
            (error { $0.weightLayers = ["pooled": false] }, "pooled is no weight layer."),
            (
                error { $0.output = "twice" },
                "The name twice stands for 2 values of the graph; each value needs its own."
            ),
        ]
        for (found, expected) in sentences { #expect(found == expected) }
    }
}
