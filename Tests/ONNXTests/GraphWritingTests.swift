import Expressions
import Graphs
import Kernels
import Operators
import TemporaryFolders
import Tensors
import Testing

@testable import ONNX

/// What of a graph stands where in the file that it is written to.
struct GraphWritingTests {
    /// images (2, 3) → units.0.conv: ·w; ∘mask; + shift; × 0.3.
    private func graph(scale: Double = 0.3) throws -> Graph {
        var builder = GraphBuilder()
        let images = builder.input("images", shape: Shape(axes: [2, 3]))
        let weight = builder.parameter("units.0.fc.weight", shape: Shape(axes: [3, 3]))
        let product = try builder.apply(MatMul(), to: images, weight, label: "units.0.fc")
        let mask = builder.buffer("units.0.mask", shape: Shape(axes: [2, 1]))
        let kept = try builder.apply(Mul(), to: product, mask, label: "units.0.mask")
        let shift = builder.buffer("shift", shape: Shape(axes: [3]))
        let sum = try builder.apply(Add(), to: kept, shift, label: "units.0.sum")
        let factor = builder.constant([scale], shape: Shape(axes: []))
        let scaled = try builder.apply(Mul(), to: sum, factor, label: "scaled")
        return try builder.graph(output: scaled)
    }

    private func arguments<Scalar: KernelScalar>(mask: [Scalar] = [1, 0]) -> GraphArguments<Scalar> {
        GraphArguments(
            inputs: [:],
            parameters: [
                "units.0.fc.weight": Tensor((0..<9).map { Scalar($0) / 7 }, shape: Shape(axes: [9, 1]))
            ],
            buffers: [
                "units.0.mask": Tensor(mask, shape: Shape(axes: [2, 1])),
                "shift": Tensor([0.5, 1, 2], shape: Shape(axes: [3])),
            ])
    }

    @Test("Parameters are initialisers in the run's precision, masks are conditions, other buffers constants")
    func tensors() throws {
        let single = try ModelFile(graph(), arguments() as GraphArguments<Float>).graph
        #expect(single.initializers.map(\.name) == ["units.0.fc.weight", "units.0.mask"])
        #expect(single.initializers.map(\.type) == [.float32, .bool])
        #expect(single.initializers.map(\.shape) == [Shape(axes: [3, 3]), Shape(axes: [2, 1])])
        #expect(try single.initializers[1].wholes() == [1, 0])
        #expect(
            single.nodes.map { "\($0.type) \($0.inputs) → \($0.outputs)" } == [
                #"MatMul ["images", "units.0.fc.weight"] → ["units.0.fc"]"#,
                #"Cast ["units.0.mask"] → ["units.0.mask_1"]"#,
                #"Mul ["units.0.fc", "units.0.mask_1"] → ["units.0.mask_2"]"#, #"Constant [] → ["shift"]"#,
                #"Add ["units.0.mask_2", "shift"] → ["units.0.sum"]"#,
                #"Constant [] → ["constant_7/Constant"]"#, #"Cast ["constant_7/Constant"] → ["constant_7"]"#,
                #"Mul ["units.0.sum", "constant_7"] → ["scaled"]"#,
            ])
        #expect(single.inputs == [FileValue("images", type: .float32, extents: [.fixed(2), .fixed(3)])])
        #expect(single.outputs == [FileValue("scaled", type: .float32, extents: [.fixed(2), .fixed(3)])])
        let double = try ModelFile(graph(), arguments() as GraphArguments<Double>).graph
        #expect(double.initializers.map(\.type) == [.float64, .bool])
        #expect(double.nodes.map(\.type) == ["MatMul", "Cast", "Mul", "Constant", "Add", "Constant", "Mul"])
    }

    @Test("A mask of other numbers than 0 and 1 is a constant, as is a factor that single precision holds")
    func constants() throws {
        let file = try ModelFile(graph(scale: 0.25), arguments(mask: [1, 0.5]) as GraphArguments<Float>).graph
        #expect(file.initializers.map(\.name) == ["units.0.fc.weight"])
        #expect(
            file.nodes.map(\.type) == ["MatMul", "Constant", "Mul", "Constant", "Add", "Constant", "Mul"])
    }

    @Test("Nodes bear the path that labels are read of")
    func labels() throws {
        let file = try ModelFile(graph(), arguments() as GraphArguments<Float>)
        #expect(file.graph.nodes.first?.name == "/units.0/fc")
        #expect(file.graph.nodes.filter { $0.type == "Add" }.map(NodeLabel.text) == ["units.0"])
        #expect(file.graph.nodes.last.map(NodeLabel.text) == "scaled")
        // A graph of a file has labels of its own.
        var builder = GraphBuilder()
        let x = builder.input("x", shape: Shape(axes: [2]))
        let y = try builder.apply(Relu(), to: [x], name: "layer1/relu_3", label: "layer1.0")
        let again = try ModelFile(builder.graph(output: y), GraphArguments<Float>(inputs: [:]))
        #expect(again.graph.nodes.map(\.name) == ["/layer1.0/relu_3"])
        #expect(again.graph.nodes.map(NodeLabel.text) == ["layer1.0"])
    }

    /// A mask stands for samples of its own, and a bias does not.
    @Test("The number of samples is left open where nothing stands for samples")
    func openBatch() throws {
        let fixed = try ModelFile(graph(), arguments() as GraphArguments<Float>, batch: "batch")
        #expect(fixed.graph.inputs[0].extents == [.fixed(2), .fixed(3)])
        var builder = GraphBuilder()
        let x = builder.input("x", shape: Shape(axes: [2, 3, 4]))
        let y = try builder.apply(Reshape([2, 12]), to: x, label: "flat")
        let file = try ModelFile(
            builder.graph(output: y), GraphArguments<Float>(inputs: [:]), batch: "batch")
        #expect(file.graph.inputs[0].extents == [.symbol("batch"), .fixed(3), .fixed(4)])
        #expect(file.graph.outputs[0].extents == [.symbol("batch"), .fixed(12)])
        let read = try ReadModel<Float>(
            file, file: "m.onnx", arrays: ["x": Value(Tensor(zeros: Shape(axes: [5, 3, 4])))])
        #expect(read.graph.nodes[read.graph.output].shape == Shape(axes: [5, 12]))
    }

    @Test(
        "Digits that single precision does not hold come back, and only where they round to what stands there"
    )
    func digits() throws {
        #expect(AttributeDigits.metadata("epsilon", 0.5).isEmpty)
        #expect(AttributeDigits.metadata("epsilon", 1e-5) == ["propagate.epsilon": "1e-05"])
        func read(_ text: String) -> Double {
            let node = FileNode("Op", inputs: [], outputs: [], metadata: ["propagate.epsilon": text])
            return AttributeDigits.number("epsilon", Float(1e-5), of: node)
        }
        #expect(read("1e-05") == 1e-5)
        for text in ["0.1", "", "nan", "1e-5x", "1.00001e-05"] { #expect(read(text) == Double(Float(1e-5))) }
    }

    @Test("A file of the same graph is the same file")
    func repeatability() throws {
        let bytes = try ModelFile(graph(), arguments() as GraphArguments<Float>).bytes()
        #expect(try ModelFile(graph(), arguments() as GraphArguments<Float>).bytes() == bytes)
    }

    @Test("Names that are taken are told apart, and what has two places is written once")
    func names() throws {
        var builder = GraphBuilder()
        let x = builder.input("a", shape: Shape(axes: [2]))
        let (w, again) = (
            builder.parameter("a", shape: Shape(axes: [2])), builder.parameter("a", shape: Shape(axes: [2]))
        )
        let sum = try builder.apply(Add(), to: x, w, label: "a")
        let y = try builder.apply(Add(), to: sum, again, label: "a")
        let file = try ModelFile(
            builder.graph(output: y),
            GraphArguments<Double>(inputs: [:], parameters: ["a": Tensor([1, 2], shape: Shape(axes: [2]))]))
        #expect(file.graph.initializers.map(\.name) == ["a_1"])
        #expect(file.graph.nodes.map(\.inputs) == [["a", "a_1"], ["a_2", "a_1"]])
        #expect(file.graph.outputs.map(\.name) == ["a_3"])
    }

    @Test("What is missing, or has no form, is named")
    func refusals() throws {
        func sentence(_ graph: Graph, _ arguments: GraphArguments<Float>) -> String {
            do {
                _ = try ModelFile(graph, arguments)
                return "it is written"
            } catch { return "\(error)" }
        }
        var given: GraphArguments<Float> = arguments()
        given.parameters = [:]
        #expect(try sentence(graph(), given) == "The graph's parameter units.0.fc.weight is not given.")
        given = arguments()
        given.buffers["shift"] = nil
        #expect(try sentence(graph(), given) == "The graph's buffer shift is not given.")
        given.buffers["shift"] = Tensor([1], shape: Shape(axes: [1]))
        #expect(
            try sentence(graph(), given)
                == "The graph's input shift has shape (3), and an array of shape (1) is given.")
        var builder = GraphBuilder()
        let x = builder.input("x", shape: Shape(axes: [2]))
        let y = try builder.apply(OwnRelu(), to: x, label: "units.3.own")
        #expect(
            try sentence(builder.graph(output: y), arguments())
                == "units.3.own cannot be written to an ONNX file: ONNX has no form of its operator Relu.")
    }
}

/// An operator of a user's, by a name that is taken.
private struct OwnRelu: ElementwiseOperator {
    var name: String { "Relu" }
    func value(at x: Double) -> Double { max(0, x) }
    func derivative(at x: Double) -> Double { x > 0 ? 1 : 0 }
}
