import Graphs
import Operators
import Tensors
import Testing

/// What a graph is given has to be what its nodes are; otherwise a sentence names the one that is not.
@Suite("Arguments of a graph")
struct GraphArgumentsTests {
    private static let real = Value(Tensor<Double>([1, 2], shape: Shape(axes: [2])))
    private static let whole = Value<Double>.whole(WholeTensor([1, 0], shape: Shape(axes: [2])))

    /// A row of a learned table, times a real input.
    private func evaluate(
        tokens: Value<Double>?, gate: Value<Double>?, table: Tensor<Double>?
    ) throws -> Tensor<Double> {
        var builder = GraphBuilder()
        let ids = builder.input("tokens", shape: Shape(axes: [2]), isWhole: true)
        let factor = builder.input("gate", shape: Shape(axes: [2]))
        let rows = builder.parameter("table", shape: Shape(axes: [3]))
        let output = try builder.apply(
            Mul(), to: builder.apply(Gather(axis: 0), to: rows, ids), factor)
        let arguments = GraphArguments(
            inputs: ["tokens": tokens, "gate": gate].compactMapValues(\.self),
            parameters: ["table": table].compactMapValues(\.self))
        let plan = EvaluationPlan(try builder.graph(output: output), derivativesTo: [])
        return try GraphEvaluation(plan, arguments).output
    }

    private static let table = Tensor<Double>([5, 7, 9], shape: Shape(axes: [3]))

    @Test func rightOnesAreTaken() throws {
        let output = try evaluate(tokens: Self.whole, gate: Self.real, table: Self.table)
        #expect(output.elements == [7, 10])
    }

    @Test(
        "Wrong ones are refused by name",
        arguments: [
            (
                real, real, table,
                "The graph's input tokens takes whole numbers, such as token ids, and is given real ones."
            ),
            (whole, whole, table, "The graph's input gate takes real numbers, and is given whole ones."),
            (nil, real, table, "The graph's input tokens is not given."),
            (whole, real, nil, "The graph's parameter table is not given."),
            (
                whole, Value(Tensor<Double>([1], shape: Shape(axes: [1]))), table,
                "The graph's input gate has shape (2), and an array of shape (1) is given."
            ),
        ] as [(Value<Double>?, Value<Double>?, Tensor<Double>?, String)])
    func refusal(
        tokens: Value<Double>?, gate: Value<Double>?, table: Tensor<Double>?, sentence: String
    ) throws {
        let error = #expect(throws: GraphError.self) {
            try evaluate(tokens: tokens, gate: gate, table: table)
        }
        #expect(try "\(#require(error))" == sentence)
    }
}
