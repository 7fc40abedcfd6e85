import Arrays
import DataSets
import Graphs
import Kernels
import NumericalMethods
import ONNX
import Operators
import Reporting
import Tensors

/// What a model of a file is measured on: its inputs by name, and labels where their source has some.
struct ModelBatch<Scalar: KernelScalar> {
    let arrays: [String: Value<Scalar>]
    let labels: Labels?
    /// As a report names where they are from.
    let provenance: DataProvenance

    /// The arrays of a batch file; `labels` is no input where the model has none of that name.
    init(file: String, inputs: [FileValue]) throws {
        let found = try NamedArrays(readingFrom: file)
        var arrays: [String: Value<Scalar>] = [:]
        var labels: Labels?
        for array in found.arrays {
            if found.format == .npy, inputs.count == 1 {
                // The one array of such a file has no name.
                arrays[inputs[0].name] = array.value()
            } else if array.name == "labels", !inputs.contains(where: { $0.name == "labels" }) {
                guard let wholes = array.wholes else { throw ModelBatchError.realLabels(file) }
                labels = Labels(wholes, shape: array.shape)
            } else {
                arrays[array.name] = array.value()
            }
        }
        self.arrays = arrays
        self.labels = labels
        let samples = inputs.first.flatMap { arrays[$0.name]?.shape.axes.first } ?? 1
        isOfImages = false
        provenance = DataProvenance(
            name: "arrays of \(file)", classes: [], parts: [.init(role: .batch, images: samples)],
            turned: nil, undecodable: nil, withStrayBytes: nil)
    }

    /// Whether labels may be drawn without being asked for: noise has none of its own.
    let isOfImages: Bool

    /// Images or noise for inputs of real numbers; for whole ones tokens, positions and masks.
    init(_ request: BatchRequest) throws {
        var arrays: [String: Value<Scalar>] = [:]
        var (labels, provenance): (Labels?, DataProvenance?)
        for input in request.inputs {
            let shape = try request.shape(of: input)
            switch input.type?.kind ?? .real {
            case .real:
                let images = try request.images(shape, for: input)
                arrays[input.name] = Value(Tensor(images.pixels.map { Scalar($0) }, shape: shape))
                labels = labels ?? images.labels
                provenance = provenance ?? images.provenance
            default:
                arrays[input.name] = .whole(try request.wholes(shape, for: input))
                provenance =
                    provenance
                    ?? DataProvenance(
                        name: "random tokens", classes: [],
                        parts: [.init(role: .batch, images: shape.axes.first ?? 1)], turned: nil,
                        undecodable: nil, withStrayBytes: nil)
            }
        }
        self.arrays = arrays
        self.labels = labels
        isOfImages = request.inputs.contains { ($0.type?.kind ?? .real) == .real }
        self.provenance = provenance ?? DataProvenance(name: "no input", classes: [])
    }
}

extension NamedArray {
    fileprivate func value<Scalar: KernelScalar>() -> Value<Scalar> {
        if let wholes { return .whole(WholeTensor(wholes, shape: shape)) }
        return Value(tensor() ?? Tensor(zeros: shape))
    }
}
