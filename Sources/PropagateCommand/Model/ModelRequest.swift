import Analysis
import DataSets
import Files
import Graphs
import Kernels
import ONNX
import Operators
import Reporting
import ResidualNetworks
import Tensors

/// A model of a file that is to be inspected or measured: every word resolved, no weight read yet.
struct ModelRequest {
    let path: String
    let file: ModelFile
    let options: ModelOptions
    let run: RunOptions
    /// `--shortcut`, as typed.
    let shortcuts: String?
    /// `--data`; `nil` where it is left to the inputs.
    let data: String?
    let overrides: UnitOverrides
    let measurements: [MeasurementRequest]
    let assertions: [Assertion]
    private let needed: NeededNodes

    /// - Parameters:
    ///   - shortcuts: `--shortcut`, of merges by name.
    ///   - data: `--data`; `nil` for what fits the inputs.
    init(
        path: String, options: ModelOptions, shortcuts: String? = nil, data: String?, run: RunOptions,
        measurements: [MeasurementRequest] = [], assertions: [Assertion] = []
    ) throws {
        self.path = path
        self.options = options
        self.run = run
        self.measurements = measurements
        self.assertions = assertions
        self.shortcuts = shortcuts
        self.data = data
        overrides = try options.overrides(shortcuts: shortcuts)
        file = try ModelFile(path: path)
        needed = try NeededNodes(file, file: path, output: options.output)
    }

    /// As reports name it.
    var name: String { Path.name(of: path) }

    /// Reads the model on its batch and finds its units.
    func prepared<Scalar: KernelScalar>(
        in precision: Scalar.Type, labelled: Bool = true
    ) throws -> PreparedModel<Scalar> {
        let batch = try batch(in: precision)
        let read = try read(batch.arrays)
        let table = try UnitTable(of: read.graph, overrides: overrides)
        let model = try ResidualModel(table, stack: overrides.stack)
        let loss = try labelled ? self.loss(of: batch, for: read) : .cotangent(seed: 0)
        return PreparedModel(
            subject: ModelSubject(
                model, read.arguments, loss: loss, name: name, lines: lines(of: batch, loss: loss)),
            inspection: ModelInspection(
                table, model, stack: overrides.stack, isAll: read.arguments.areAll),
            remarks: read.remarks.map(\.description), data: batch.provenance,
            inputs: needed.inputs.compactMap { input in
                batch.arrays[input.name].map { (input, $0.shape) }
            })
    }

    private func read<Scalar: KernelScalar>(_ arrays: [String: Value<Scalar>]) throws -> ReadModel<Scalar> {
        try ReadModel(
            file, file: path, arrays: arrays, output: options.output,
            normalization: options.normalization.statistics)
    }

    private func batch<Scalar: KernelScalar>(in precision: Scalar.Type) throws -> ModelBatch<Scalar> {
        if let batchFile = options.batchFile {
            return try ModelBatch(file: batchFile, inputs: needed.inputs)
        }
        return try ModelBatch(
            BatchRequest(
                inputs: needed.inputs,
                shapes: InputShapes(of: needed.inputs, sizes: try options.sizes, batch: run.batch),
                tables: TokenTables(needed, initializers: file.graph.initializers), data: data,
                seed: run.seed, scaling: try options.scaling, skipsUndecodable: run.undecodable == .skip))
    }

    /// Labels that are given, or drawn where that is asked for; of images of noise always.
    private func loss<Scalar: KernelScalar>(
        of batch: ModelBatch<Scalar>, for read: ReadModel<Scalar>
    ) throws -> Loss {
        if let seed = try options.cotangentSeed { return .cotangent(seed: seed) }
        let output = read.graph.nodes[read.graph.output].shape
        let randomSeed = try options.randomLabels ?? (batch.isOfImages ? run.seed : nil)
        if let labels = batch.labels, try options.randomLabels == nil { return .crossEntropy(labels) }
        guard let seed = randomSeed else { throw ModelBatchError.noLabels }
        guard let (shape, classes) = output.labelled else { throw ModelBatchError.noClasses(output) }
        return .crossEntropy(try Labels.random(seed: seed, shape: shape, classes: classes))
    }

    /// Where the model has one input of real numbers and one label a sample. A batch that is not full is filled up with its
    /// first sample, as files may fix its size.
    private func lines<Scalar: KernelScalar>(
        of batch: ModelBatch<Scalar>, loss: Loss
    ) -> SampleLines<Scalar>? {
        guard batch.arrays.count == 1, let (name, value) = batch.arrays.first,
            let input = try? value.tensor, case .crossEntropy(let labels) = loss, labels.shape.rank == 1,
            input.shape.rank > 0, labels.shape.count == input.shape[0]
        else { return nil }
        let count = input.shape[0]
        return SampleLines(input: input, labels: labels.elements) { points in
            let missing = count - points.shape.batch
            let filled =
                missing > 0
                ? Tensor(samples: [points] + Array(repeating: points.samples(0..<1), count: missing))
                : points
            let read = try read([name: Value(filled)])
            let model = try ResidualModel(
                UnitTable(of: read.graph, overrides: overrides), stack: overrides.stack)
            return (model, read.arguments)
        }
    }
}

/// A model of a file on its batch, with its units.
struct PreparedModel<Scalar: KernelScalar> {
    let subject: ModelSubject<Scalar>
    let inspection: ModelInspection
    /// What the file asks for and a measurement leaves out.
    let remarks: [String]
    let data: DataProvenance
    let inputs: [(declared: FileValue, shape: Shape)]
}

extension GraphArguments {
    /// Whether all numbers of a parameter or buffer are a given one; `nil` where there is none of that name.
    fileprivate func areAll(_ name: String, _ number: Double) -> Bool? {
        (parameters[name] ?? buffers[name]).map { tensor in
            tensor.withUnsafeBufferPointer { elements in elements.allSatisfy { Double($0) == number } }
        }
    }
}

extension Shape {
    /// The shape of labels of logits of this shape, and the number of classes: along the last axis, of maps along axis 1.
    fileprivate var labelled: (labels: Shape, classes: Int)? {
        guard rank > 1 else { return nil }
        let axis = rank > 3 ? 1 : rank - 1
        let axes = axes.enumerated().filter { $0.offset != axis }.map(\.element)
        return (Shape(axes: axes), self[axis])
    }
}
