import Analysis
import Kernels
import ProofSupport
import ResidualNetworks
import Safetensors
import Tensors
import Testing

@testable import Training

@Suite("State dictionaries in torchvision's names")
struct StateDictionaryTests {
    let temporary: TemporaryDirectory
    init() throws { temporary = try TemporaryDirectory() }

    private func write(_ tensors: [SafetensorsTensor]) throws -> StoredWeights {
        let path = temporary.file("w.safetensors")
        try SafetensorsWriter.write(tensors, metadata: ["format": "pt"], to: path)
        return try StoredWeights(path: path)
    }

    /// Logits and the split of the gradient, in training and in inference with the file's statistics.
    @Test func everyNumberIsThatOfPyTorch() throws {
        let cases = try StateDictionaryFixture.load()
        #expect(cases.count == 4)
        for fixture in cases {
            let (network, statistics) = try write(fixture.tensors).network(
                of: fixture.design, as: Double.self)
            let mode = try #require(AnalysisOptions.Mode(rawValue: fixture.mode))
            let shape = fixture.design.input.with(batch: fixture.inputShape[0])
            let batch = LabelledBatch<Double>(
                FormulaParameters.spread("input", count: shape.count, center: 0, width: 1.7), shape: shape,
                labels: (0..<shape.batch).map { (7 * $0 + 3) % fixture.classes })
            let logits = try network.logits(
                of: batch.input, masks: SeededMasks(seed: 0),
                statistics: mode == .inference ? statistics : nil)
            // Sums of some hundred products in another order.
            for (found, expected) in zip(logits.elements, fixture.logits) {
                #expect(abs(found - expected) < 1e-11, "\(fixture)")
            }
            let result = try SignalAnalysis(
                network, on: batch, options: AnalysisOptions(mode: mode), statistics: statistics
            ).run()
            try compare(result, with: fixture)
        }
    }

    private func compare(
        _ result: AnalysisResult, with fixture: StateDictionaryFixture.Case
    ) throws {
        #expect(abs((result.loss ?? .nan) - fixture.loss) < 1e-12 * fixture.loss, "\(fixture)")
        let columns: [String: (UnitMeasurement) -> Double?] = [
            "gradient_log10": \.gradientLog10, "direct_log10": \.directLog10,
            "through_weights_log10": \.throughWeightsLog10, "forward_rms": \.forwardRMS,
        ]
        #expect(Set(fixture.columns.keys) == Set(columns.keys))
        for (name, column) in columns {
            let expected = try #require(fixture.columns[name])
            #expect(expected.count == result.units.count)
            for (row, expected) in zip(result.units, expected) {
                guard let measured = column(row), let expected else {
                    #expect(column(row) == nil && expected == nil, "\(fixture), \(name), x_\(row.unit)")
                    continue
                }
                // 1e-9 relative on a norm is 4.3e-10 in its log10.
                #expect(abs(measured - expected) < 4.3e-10, "\(fixture), \(name), x_\(row.unit)")
            }
        }
        for check in result.checks { #expect(check.passed != false, "\(fixture): \(check)") }
    }

    @Test("What wrappers put before every name is passed over", arguments: WrapperPrefix.known)
    func prefixes(prefix: String) throws {
        let fixture = try #require(try StateDictionaryFixture.load().first)
        func network(_ tensors: [SafetensorsTensor]) throws -> Network<Double> {
            try write(tensors).network(of: fixture.design).network
        }
        let bare = try network(fixture.tensors)
        let wrapped = try network(
            fixture.shapes.keys.sorted().map { name in
                SafetensorsTensor(
                    prefix + name, shape: fixture.shapes[name] ?? [],
                    try #require(fixture.elements(name)))
            })
        for (a, b) in zip(bare.parameters, wrapped.parameters) {
            #expect(a.name == b.name && a.values.elements == b.values.elements)
        }
        // Our own names too, where they are evaluated.
        let own = bare.parameters.map {
            SafetensorsTensor(prefix + $0.name, shape: $0.dimensions, $0.values.elements)
        }
        let state: TrainingState<Double> = try write(own).state(of: fixture.design)
        #expect(
            state.parameters["head.fc.weight"]?.values.elements
                == bare.parameters.first { $0.name == "head.fc.weight" }?.values.elements)
    }

    @Test("The first tensor that does not fit is named as the file names it, with both shapes")
    func misfits() throws {
        let fixture = try #require(try StateDictionaryFixture.load().first)
        func refusal(_ shapes: [String: [Int]], _ design: NetworkDesign? = nil) throws -> String {
            let weights = try write(
                shapes.map {
                    SafetensorsTensor(
                        $0.key, shape: $0.value, [Float](repeating: 1, count: $0.value.reduce(1, *)))
                })
            let error = try #require(throws: CheckpointError.self) {
                _ = try weights.network(of: design ?? fixture.design, as: Float.self)
            }
            return error.description
        }
        let beginning = "\(temporary.file("w.safetensors")) holds the weights of another network: "
        var shapes = fixture.shapes
        // A convolution in groups.
        shapes["layer3.1.conv2.weight"] = [16, 4, 3, 3]
        #expect(
            try refusal(shapes) == beginning
                + "layer3.1.conv2.weight has the dimensions [16, 4, 3, 3], and this network needs [16, 16, 3, 3]."
        )
        shapes = fixture.shapes
        shapes["layer1.0.se.fc1.weight"] = [1, 4, 1, 1]
        shapes["aux.weight"] = [1]
        #expect(
            try refusal(shapes) == beginning
                + "it has layer1.0.se.fc1.weight, which this network does not have.")
        shapes = fixture.shapes
        shapes["layer2.0.bn2.running_var"] = nil
        #expect(try refusal(shapes) == beginning + "it has no layer2.0.bn2.running_var.")
        // Units that begin with a normalisation have no names there.
        var design = fixture.design
        design.layout = .fullPreactivation
        #expect(try refusal(fixture.shapes, design) == beginning + "it has no units.0.branch.bn2.weight.")
    }

    @Test("Half precision widens, and what is missing of statistics is not made up")
    func halves() throws {
        let fixture = try #require(try StateDictionaryFixture.load().first)
        let shapes = fixture.shapes.filter { !$0.key.contains("running") }
        let tensors = shapes.map { name, shape in
            SafetensorsTensor(name, type: name.hasPrefix("fc") ? .bfloat16 : .float16, shape: shape) { sink in
                // 1.5 in either type.
                let bits: UInt16 = name.hasPrefix("fc") ? 0x3FC0 : 0x3E00
                try [UInt16](repeating: bits, count: shape.reduce(1, *)).withUnsafeBytes(sink)
            }
        }
        let weights = try write(tensors)
        #expect(!weights.isDouble)
        let (network, statistics) = try weights.network(of: fixture.design, as: Float.self)
        #expect(statistics == nil)
        #expect(network.parameters.allSatisfy { $0.values.elements.allSatisfy { $0 == 1.5 } })
    }
}

extension StateDictionaryFixture.Case {
    /// What the formula gives a tensor.
    fileprivate func elements(_ name: String) -> [Double]? { shapes[name].map { Self.values(name, $0) } }
}
