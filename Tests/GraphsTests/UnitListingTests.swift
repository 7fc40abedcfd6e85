import Graphs
import Operators
import Tensors
import Testing

/// The listing of what was found, as data and as text.
struct UnitListingTests {
    private func network() throws -> UnitTable {
        let net = HandMadeNetwork()
        net.graph.scope = "body"
        let stem = try net.graph.apply(Relu(), to: net.dense(net.input()), label: "stem")
        let x1 = try net.graph.apply(Add(), to: stem, net.branch(stem), label: "unit1")
        let x2 = try net.graph.apply(Add(), to: net.dense(x1), net.branch(x1), label: "unit2")
        let alike = try net.graph.apply(Add(), to: net.dense(x2), net.dense(x2), label: "alike")
        return try net.table(net.dense(alike))
    }

    @Test("Units with operands, weight layers and shapes; sums that are none with the reason")
    func data() throws {
        let listing = UnitListing(try network())
        #expect(listing.units.map(\.label) == ["body.unit1", "body.unit2"])
        #expect(listing.units.map(\.weightLayers) == [2, 2])
        #expect(listing.units[1].shortcut == ["body.dense4"] && listing.units[1].branch == ["body.dense6"])
        #expect(listing.units.map(\.shape) == Array(repeating: Shape(axes: [2, 4]), count: 2))
        #expect(listing.rejected.map(\.operands) == [["body.dense7", "body.dense8"]])
        #expect(listing.remarks.isEmpty)
    }

    @Test("As text")
    func text() throws {
        let golden = """
            2 units in 1 stack; 1 sum of signals that is no unit.

            label       merge       kind        level  stack  fork        shortcut     branch       layers  shape
            body.unit1  body.unit1  identity    0      0      body.stem   body.stem    body.dense3  2       (2, 4)
            body.unit2  body.unit2  projection  0      0      body.unit1  body.dense4  body.dense6  2       (2, 4)

            label       merge       operands                  no unit because
            body.alike  body.alike  body.dense7, body.dense8  operands alike
            """
        #expect(UnitListing(try network()).description == golden)
    }

    @Test("A graph without units says how many sums there were, and why they are none")
    func none() throws {
        let net = HandMadeNetwork()
        let x = try net.dense(net.input())
        let sum = try net.graph.apply(Add(), to: net.dense(x), net.dense(x), label: "alike")
        let table = try net.table(net.add(sum, net.scale(sum, by: 2)))
        #expect(
            UnitListing(table).summary
                == "No residual unit found: 2 sums of signals, of which 1 with operands alike, 1 with no operand that has weight layers of its own."
        )
    }

    @Test("Remarks: running statistics of an untrained network, convolutions whose normalisation was folded")
    func remarks() throws {
        func remarks(mean: Double, bias: Bool, normalizes: Bool) throws -> [String] {
            let net = HandMadeNetwork()
            var x = try net.normalizeBatch(net.convolve(net.image()), mean: mean)
            let convolved = try net.convolve(net.relu(x), bias: bias)
            x = try net.add(x, normalizes ? net.normalizeBatch(convolved, mean: mean) : convolved)
            return UnitListing(try net.table(net.classify(x))).remarks
        }
        let untrained =
            "The running statistics are those of an untrained network; BatchNormalization does nothing here. "
            + "Use --bn batch to measure as in training."
        let folded =
            "1 convolution has a bias and no BatchNormalization follows; it was probably folded by the exporter. "
            + "Export with optimize=False to keep it."
        #expect(try remarks(mean: 0, bias: false, normalizes: true) == [untrained])
        #expect(try remarks(mean: 0.5, bias: false, normalizes: true) == [])
        #expect(try remarks(mean: 0.5, bias: true, normalizes: true) == [])
        #expect(try remarks(mean: 0, bias: true, normalizes: false) == [untrained, folded])
    }

    @Test("Running statistics may be parameters that only their owner knows")
    func parameters() throws {
        let net = HandMadeNetwork()
        let x = try net.convolve(net.image())
        let running = ["mean", "variance"].map { net.graph.parameter($0, shape: Shape(axes: [4])) }
        let normed = try net.graph.apply(
            BatchNorm(.running), to: [x, net.parameter(4), net.parameter(4)] + running)
        let table = try net.table(net.classify(net.add(x, net.convolve(normed))))
        #expect(UnitListing(table).remarks.isEmpty)
        let zerosAndOnes = ["mean": [0.0, 0, 0, 0], "variance": [1, 1, 1, 1]]
        func remarks(plus offset: Double) -> [String] {
            UnitListing(table) { name, number in
                zerosAndOnes[name].map { $0.allSatisfy { $0 + offset == number } }
            }.remarks
        }
        #expect(remarks(plus: 0).count == 1)
        #expect(remarks(plus: 1).isEmpty)
    }
}
