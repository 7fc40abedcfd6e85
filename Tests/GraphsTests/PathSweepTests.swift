import Foundation
import Graphs
import Kernels
import Operators
import Tensors
import Testing

/// The split of the gradient on networks of many kinds, against PyTorch, its own sum and the forward-mode probe.
struct PathSweepTests {
    struct Fixture: Decodable, Sendable, CustomStringConvertible {
        struct Parameter: Decodable, Sendable {
            let shape: [Int]
            let values: [Double]
        }

        let name: String
        let input: [Double]
        let parameters: [String: Parameter]
        let output: [Double]
        let cotangent: [Double]
        /// By row.
        let total: [[Double]]
        let direct: [[Double]]

        var description: String { name }

        /// Of stacks that do not lie in a branch of others.
        static let outermost = all.filter { $0.name != "added_skip_inside" }

        static let all: [Fixture] = {
            let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "Fixtures/graphs.json")
            return (try? JSONDecoder().decode([Fixture].self, from: Data(contentsOf: file))) ?? []
        }()
    }

    /// A network at its fixture's input, with its units.
    private struct Swept<Scalar: KernelScalar> {
        let rows: [Graph.ValueID]
        let cuts: [Merge.Leaf]
        let evaluation: GraphEvaluation<Scalar>
        let cotangent: Tensor<Scalar>
        let sweep: PathSweep<Scalar>

        init(_ fixture: Fixture) throws {
            let (network, output) = try HandMadeNetwork.named(fixture.name)
            rows = network.rows
            let table = try network.table(output)
            let stack = table.stacks[network.overrides.stack]
            cuts = stack.flatMap { table.units[$0].streams.flatMap(\.branchLeaves) }
            let parameters = fixture.parameters.mapValues {
                Tensor<Scalar>(rounding: $0.values, shape: Shape(axes: $0.shape))
            }
            let input = Tensor<Scalar>(
                rounding: fixture.input, shape: Shape(axes: [3, HandMadeNetwork.width]))
            evaluation = try GraphEvaluation(
                EvaluationPlan(table.path.graph, derivativesTo: Set(rows)),
                GraphArguments(inputs: ["x": Value(input)], parameters: parameters))
            let shape = table.path.graph.nodes[output].shape
            cotangent = Tensor(rounding: fixture.cotangent, shape: shape)
            sweep = try PathSweep(
                evaluation, from: ScaledTensor(cotangent), cutting: cuts, at: Set(rows))
        }
    }

    @Test("There are fixtures")
    func fixtures() { #expect(Fixture.all.count == 15) }

    @Test("Output, total and direct term are PyTorch's at every row", arguments: Fixture.outermost)
    func agreement(fixture: Fixture) throws {
        let swept = try Swept<Double>(fixture)
        let output = try #require(swept.evaluation[swept.evaluation.plan.graph.output])
        #expect(distance(try output.tensor.doubles, fixture.output) < 1e-13)
        #expect(swept.rows.count == fixture.total.count)
        for (row, id) in swept.rows.enumerated() {
            let gradient = try #require(swept.sweep[id])
            // Both in double precision.
            #expect(distance(gradient.total.plain.doubles, fixture.total[row]) < 1e-12, "row \(row)")
            #expect(distance(gradient.direct.plain.doubles, fixture.direct[row]) < 1e-12, "row \(row)")
            let through = zip(fixture.total[row], fixture.direct[row]).map { $0 - $1 }
            // w comes from a recursion of its own; where it is 0 a difference of equal numbers is rounding.
            let size = norm(fixture.total[row]) + norm(fixture.direct[row])
            let apart = norm(zip(gradient.throughWeights.plain.doubles, through).map { $0 - $1 })
            #expect(apart < 1e-12 * size, "row \(row)")
        }
    }

    @Test("⟨g, v⟩ and ⟨d, v⟩ are what tangents of v make of the output", arguments: Fixture.outermost)
    func probe(fixture: Fixture) throws {
        let swept = try Swept<Double>(fixture)
        for id in swept.rows {
            let gradient = try #require(swept.sweep[id])
            let shape = swept.evaluation.plan.graph.nodes[id].shape
            let v = Tensor<Double>((0..<shape.count).map { cos(Double(3 * $0 + 1)) }, shape: shape)
            let tangent = try #require(try PathTangent(swept.evaluation, of: v, at: id, cutting: swept.cuts))
            for (cotangent, pushed) in [(gradient.total, tangent.total), (gradient.direct, tangent.direct)] {
                let below = inner(cotangent.plain.doubles, v.doubles)
                let above = inner(swept.cotangent.doubles, pushed.plain.doubles)
                let size = norm(cotangent.plain.doubles) * norm(v.doubles)
                #expect(abs(below - above) <= 1e-12 * max(size, abs(above)), "\(below) against \(above)")
            }
        }
    }

    @Test("Single precision agrees", arguments: Fixture.outermost)
    func single(fixture: Fixture) throws {
        let swept = try Swept<Float>(fixture)
        for (row, id) in swept.rows.enumerated() {
            let gradient = try #require(swept.sweep[id])
            // Some ten layers of 6e−8 each; no ReLU of these stands so near its kink that it changes sides.
            #expect(distance(gradient.total.plain.doubles, fixture.total[row]) < 1e-5, "row \(row)")
            #expect(distance(gradient.direct.plain.doubles, fixture.direct[row]) < 1e-5, "row \(row)")
        }
    }

    @Test("A wrong derivative of a shortcut, used alike everywhere, passes the sum and fails the probe")
    func wrongShortcut() throws {
        struct WrongScale: ElementwiseOperator {
            var name: String { "Wrong" }
            func value(at x: Double) -> Double { 0.5 * x }
            func derivative(at x: Double) -> Double { -3 }
            func jvp<Scalar: KernelScalar>(
                _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
            ) throws -> ScaledTensor<Scalar> { ScaledTensor(tangent, factor: 0.5) }
        }
        let network = HandMadeNetwork()
        let x = try network.dense(network.input(batch: 1))
        let output = try network.add(network.graph.apply(WrongScale(), to: x), network.branch(x))
        let table = try network.table(output)
        #expect(table.units.map(\.kind) == [.weightFree])
        let weights = Tensor<Double>((0..<16).map { sin(Double($0)) }, shape: Shape(axes: [4, 4]))
        let evaluation = try GraphEvaluation(
            EvaluationPlan(table.path.graph, derivativesTo: [x]),
            GraphArguments(
                inputs: ["x": Value(Tensor<Double>([1, 2, 3, 4], shape: Shape(axes: [1, 4])))],
                parameters: ["w1": weights, "w2": weights, "w3": weights]))
        let cuts = table.units.flatMap { $0.streams.flatMap(\.branchLeaves) }
        let cotangent = Tensor<Double>([1, -1, 2, 0.5], shape: Shape(axes: [1, 4]))
        let gradient = try #require(
            try PathSweep(evaluation, from: ScaledTensor(cotangent), cutting: cuts, at: [x])[x])
        let sum = zip(gradient.direct.plain.doubles, gradient.throughWeights.plain.doubles).map { $0 + $1 }
        #expect(distance(sum, gradient.total.plain.doubles) < 1e-14)
        let v = Tensor<Double>([1, 1, 1, 1], shape: Shape(axes: [1, 4]))
        let tangent = try #require(try PathTangent(evaluation, of: v, at: x, cutting: cuts))
        let (below, above) = (
            inner(gradient.direct.plain.doubles, v.doubles),
            inner(cotangent.doubles, tangent.direct.plain.doubles)
        )
        #expect(abs(below - above) > 0.1 * abs(below))
    }

    @Test("Exponents carry what no number can hold: 0.1^400 in single precision")
    func exponents() throws {
        let network = HandMadeNetwork()
        let start = try network.dense(network.input(batch: 1))
        var x = start
        for _ in 0..<400 { x = try network.add(network.scale(x, by: 0.1), network.branch(x)) }
        let table = try network.table(x)
        #expect(table.stacks.first?.count == 400)
        // Branches of zeros: the direct term is all, and its norm is known.
        let zeros = Tensor<Float>(zeros: Shape(axes: [4, 4]))
        let names = table.path.graph.nodes.compactMap { node in
            if case .parameter(let name) = node.source { name } else { nil }
        }
        let evaluation = try GraphEvaluation(
            EvaluationPlan(table.path.graph, derivativesTo: [start]),
            GraphArguments(
                inputs: ["x": Value(Tensor<Float>([1, 2, 3, 4], shape: Shape(axes: [1, 4])))],
                parameters: Dictionary(uniqueKeysWithValues: names.map { ($0, zeros) })))
        let cuts = table.units.flatMap { $0.streams.flatMap(\.branchLeaves) }
        let cotangent = Tensor<Float>([1, 0, 0, 0], shape: Shape(axes: [1, 4]))
        let gradient = try #require(
            try PathSweep(
                evaluation, from: ScaledTensor(cotangent), cutting: cuts, at: [start])[start])
        let squares = gradient.direct.tensor.doubles.reduce(0) { $0 + $1 * $1 }
        let norm = try #require(gradient.direct.log10Norm(squaredNorm: squares).value)
        // 400 roundings of a factor near 1.
        #expect(abs(norm + 400) < 1e-4, "\(norm)")
    }
}

private func norm(_ x: [Double]) -> Double { inner(x, x).squareRoot() }
private func inner(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }

/// ‖x − y‖ over the larger norm; infinite where the lengths differ.
func distance(_ x: [Double], _ y: [Double]) -> Double {
    guard x.count == y.count, !x.contains(where: \.isNaN) else { return .infinity }
    let size = max(norm(x), norm(y))
    return size == 0 ? 0 : norm(zip(x, y).map { $0 - $1 }) / size
}
