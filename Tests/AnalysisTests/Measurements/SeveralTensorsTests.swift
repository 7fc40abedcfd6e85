import Analysis
import Graphs
import Kernels
import NumericalMethods
import Operators
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// A state of two tensors, its channels divided between them, is the same network as one of one tensor: every measurement
/// says the same of both.
@Suite("Measurements of a state of several tensors")
struct SeveralTensorsTests {
    private static let (width, units, batch) = (6, 5, 4)

    /// y = λx + F(x), with F = W relu(x), each stream with a λ of its own.
    private static func network(isDivided: Bool) throws -> Network<Double> {
        try Network(parameters: VariedParameters(seed: 5, decades: 0.3)) { batch, mode in
            var network = NetworkGraph(batch: batch, mode: mode)
            var model = ResidualStreams(width: width)
            let images = network.input("images", shape: Shape(batch, 3))
            let x0 = try network.convolution(images, name: "stem", outputs: width, kernel: 1)
            var x = try model.divide(x0, in: &network)
            for l in 0..<units { x = try model.unit(l, x, isDivided, in: &network) }
            let joined = try network.apply(Concat(axis: 1), to: x[0], x[1])
            let logits = try network.convolution(
                joined, name: "head.fc", outputs: 3, kernel: 1, role: .classifierWeight)
            network.state(row: images)
            return try model.stated(
                in: network.model(logits: logits), isDivided, last: isDivided ? x : [joined])
        }
    }

    private static func result(isDivided: Bool) throws -> AnalysisResult {
        var stream = RandomStream(seed: 11, name: "images")
        let images = LabelledBatch<Double>(
            (0..<batch * 3).map { _ in stream.uniform() - 0.5 }, shape: Shape(batch, 3), labels: [0, 1, 2, 0])
        return try SignalAnalysis(
            network(isDivided: isDivided), on: images,
            options: AnalysisOptions(
                probes: .all,
                measurements: [
                    .pathLengths(upTo: 3), .cancellation, .correlation, .jacobian(from: nil, to: nil),
                    .lineCorrelation(points: 3), .parameterGradients,
                ])
        ).run()
    }

    /// Sums of some tens of products in another order: some 1e−15.
    private static let tolerance = 1e-12

    private func expectClose(_ a: Double?, _ b: Double?, _ what: String) {
        guard let a, let b else {
            #expect(a == nil && b == nil, "\(what)")
            return
        }
        #expect(abs(a - b) <= Self.tolerance * max(1, abs(b)), "\(what): \(a) and \(b)")
    }

    @Test func saysTheSame() throws {
        let (divided, whole) = try (Self.result(isDivided: true), Self.result(isDivided: false))
        #expect(divided.units.count == Self.units + 1 && whole.units.count == Self.units + 1)
        for (a, b) in zip(divided.units, whole.units) {
            expectClose(a.gradient.value, b.gradient.value, "g_\(a.unit)")
            expectClose(a.direct.value, b.direct.value, "d_\(a.unit)")
            expectClose(a.throughWeights.value, b.throughWeights.value, "w_\(a.unit)")
            expectClose(a.cosine, b.cosine, "cosine at \(a.unit)")
        }
        #expect(divided.allChecksHold && divided.probes.count == Self.units)
        let (ours, theirs) = (try #require(divided.measurements), try #require(whole.measurements))
        #expect(ours.omissions.isEmpty && theirs.omissions.isEmpty)
        for (a, b) in zip(try #require(ours.cancellation), try #require(theirs.cancellation)) {
            expectClose(a.cosineMedian, b.cosineMedian, "cancellation at \(a.unit)")
            expectClose(a.cosineMinimum, b.cosineMinimum, "cancellation at \(a.unit)")
            #expect(a.cancelledShare == b.cancelledShare)
        }
        for (a, b) in zip(try #require(ours.correlation), try #require(theirs.correlation)) {
            expectClose(a.meanCosine, b.meanCosine, "correlation at \(a.unit)")
        }
        let (lengths, others) = (try #require(ours.pathLengths), try #require(theirs.pathLengths))
        #expect(lengths.distributions.count == others.distributions.count)
        for (a, b) in zip(lengths.distributions, others.distributions) {
            #expect(a.unit == b.unit && a.length == b.length)
            expectClose(a.log10, b.log10, "length \(a.length) at \(a.unit)")
        }
        #expect((lengths.sumError ?? 1) < 1e-12 && (lengths.directError ?? 1) < 1e-12)
        let (spectrum, other) = (try #require(ours.jacobian), try #require(theirs.jacobian))
        #expect(spectrum.inputElements == other.inputElements && spectrum.steps == other.steps)
        // Found from other random directions: the largest is found to its error, the mean square within its own.
        #expect(
            abs(spectrum.largestLog10 - other.largestLog10)
                < 0.4343 * (spectrum.largestRelativeError + other.largestRelativeError) + Self.tolerance)
        let (line, otherLine) = (try #require(ours.lineCorrelation), try #require(theirs.lineCorrelation))
        #expect(line.rows.count == Self.units + 1 && otherLine.rows.count == Self.units + 1)
        for (a, b) in zip(line.rows, otherLine.rows) {
            for (x, y) in zip(a.cosines, b.cosines) { expectClose(x, y, "line at \(a.unit)") }
        }
        let (norms, otherNorms) = (
            try #require(ours.parameterGradients), try #require(theirs.parameterGradients)
        )
        #expect(norms.count == otherNorms.count && norms.count == Self.units + 2)
        for (a, b) in zip(norms, otherNorms) {
            #expect(a.parameter == b.parameter)
            expectClose(a.gradient.value, b.gradient.value, a.parameter)
        }
    }
}

/// States rows and units of streams that are tensors of their own, or of the one that they make up.
private struct ResidualStreams {
    let width: Int
    private var rows: [[Graph.ValueID]] = []
    private var units: [[(shortcut: Graph.ValueID, branch: Graph.ValueID, sum: Graph.ValueID)]] = []

    init(width: Int) { self.width = width }

    private func half(_ x: Graph.ValueID, _ index: Int, in network: inout NetworkGraph) throws
        -> Graph.ValueID
    {
        let range = Slice.Range(axis: 1, start: index * width / 2, end: (index + 1) * width / 2)
        return try network.apply(Slice([range]), to: x)
    }

    func divide(_ x: Graph.ValueID, in network: inout NetworkGraph) throws -> [Graph.ValueID] {
        try (0..<2).map { try half(x, $0, in: &network) }
    }

    /// Both write the same function; one of them has the sum once, of the streams together.
    mutating func unit(
        _ l: Int, _ x: [Graph.ValueID], _ isDivided: Bool, in network: inout NetworkGraph
    ) throws -> [Graph.ValueID] {
        let whole = try network.apply(Concat(axis: 1), to: x[0], x[1])
        rows.append(isDivided ? x : [whole])
        let branch = try network.convolution(
            network.apply(Relu(), to: whole), name: "units.\(l).conv", outputs: width, kernel: 1)
        let lambdas = [0.7, -1.3]
        if isDivided {
            let sums = try (0..<2).map { index in
                let shortcut = try network.scale(x[index], by: lambdas[index])
                let part = try half(branch, index, in: &network)
                return (shortcut, part, try network.apply(Add(), to: shortcut, part))
            }
            units.append(sums.map { (shortcut: $0.0, branch: $0.1, sum: $0.2) })
            return sums.map(\.2)
        }
        let factors = (0..<width).map { lambdas[$0 / (width / 2)] }
        let shortcut = try network.apply(
            Mul(), to: whole, network.constant(factors, shape: Shape(1, width)))
        let sum = try network.apply(Add(), to: shortcut, branch)
        units.append([(shortcut, branch, sum)])
        return try divide(sum, in: &network)
    }

    func stated(
        in model: NetworkModel, _ isDivided: Bool, last: [Graph.ValueID]
    ) throws -> NetworkModel {
        let stated = units.enumerated().map { l, streams in
            ResidualModel.Unit(
                streams: streams.map { stream in
                    let leaves = [stream.shortcut, stream.branch].enumerated().map {
                        Merge.Leaf(value: $0.element, sum: stream.sum, slot: $0.offset)
                    }
                    return UnitStream(
                        merge: Merge(result: stream.sum, leaves: leaves),
                        roles: UnitRoles(kind: .weightFree, forks: rows[l], shortcut: [0], branch: [1]))
                }, label: "units.\(l)", kind: .weightFree)
        }
        return NetworkModel(
            model: ResidualModel(
                path: model.model.path, units: stated,
                rows: (rows + [last]).map { ResidualModel.Row(values: $0, stage: 0) }),
            parameters: model.parameters, buffers: model.buffers, normalizations: model.normalizations)
    }
}
