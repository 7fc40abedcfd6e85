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

/// What is asked of a batch that is made here.
struct BatchRequest {
    let inputs: [FileValue]
    let shapes: InputShapes
    let tables: TokenTables
    /// `--data`; `nil` for the digits where they fit, and noise elsewhere.
    let data: String?
    let seed: UInt64
    let scaling: (mean: [Double], deviation: [Double])?
    let skipsUndecodable: Bool

    struct Images {
        let pixels: [Float]
        /// Those of the source; none of noise.
        let labels: Labels?
        let provenance: DataProvenance
    }

    func shape(of input: FileValue) throws -> Shape {
        guard let shape = shapes.shapes[input.name] else { throw ModelBatchError.noShape(input.name) }
        return shape
    }

    /// Images of the model's own size, or standard normal numbers of any shape.
    func images(_ shape: Shape, for input: FileValue) throws -> Images {
        // The images that are embedded have one size; noise has any.
        let data = data ?? (shape.axes.dropFirst() == [3, 32, 32] ? "digits" : "noise")
        guard data != "noise" else { return try noise(shape) }
        guard shape.rank == 4, shape[1] == 3, shape[2] == shape[3] else {
            throw ModelBatchError.noImages(input.name, shape, data: data)
        }
        let source = try ImageSourceParser.parse(
            data, side: shape[2], skipsUndecodable: skipsUndecodable)
        guard source.shape == ImageShape(channels: 3, height: shape[2], width: shape[3]) else {
            throw ModelBatchError.otherSize(source.name, source.shape, input: input.name, shape)
        }
        let images = try source.batch(size: shape[0], seed: seed)
        let provenance = try source.provenance().of(images)
        let labels = Labels(images.labels)
        guard let scaling else {
            return Images(pixels: images.pixels, labels: labels, provenance: provenance)
        }
        return try Images(pixels: images.pixels, labels: labels, provenance: provenance).scaled(by: scaling)
    }

    private func noise(_ shape: Shape) throws -> Images {
        if scaling != nil { throw ModelBatchError.scaledNoise }
        var stream = RandomStream(seed: seed, name: "data.noise")
        let pixels = [Float](unsafeUninitializedCapacity: shape.count) { buffer, filled in
            stream.fillNormals(
                UnsafeMutableBufferPointer(rebasing: buffer[..<shape.count]), standardDeviation: 1)
            filled = shape.count
        }
        return Images(
            pixels: pixels, labels: nil,
            provenance: DataProvenance(
                name: "standard normal noise", classes: [],
                parts: [.init(role: .batch, images: shape.axes.first ?? 1)]))
    }

    /// Indices of a table are drawn from all of it; a mask hides nothing, types are the first, positions count.
    func wholes(_ shape: Shape, for input: FileValue) throws -> WholeTensor {
        if input.type == .bool || input.name.contains("mask") {
            return WholeTensor(Array(repeating: 1, count: shape.count), shape: shape)
        }
        if input.name.contains("position") {
            let last = shape.axes.last ?? 1
            return WholeTensor((0..<shape.count).map { $0 % max(1, last) }, shape: shape)
        }
        if input.name.contains("type") {
            return WholeTensor(Array(repeating: 0, count: shape.count), shape: shape)
        }
        guard let rows = tables.rows[input.name], rows > 0 else {
            throw ModelBatchError.unknownWholes(input.name)
        }
        let tokens = try RandomTokens(vocabulary: rows).tokens(shape.count, seed: seed, input: input.name)
        return WholeTensor(tokens, shape: shape)
    }
}

extension BatchRequest.Images {
    /// With other means and deviations of values 0 to 1 than the source's own.
    fileprivate func scaled(
        by scaling: (mean: [Double], deviation: [Double])
    ) throws -> BatchRequest.Images {
        guard var normalization = provenance.normalization, let greatest = normalization.greatestValue else {
            throw ModelBatchError.scaledNoise
        }
        let channels = normalization.mean.count
        func each(_ numbers: [Double], _ option: String) throws -> [Double] {
            guard numbers.count == 1 || numbers.count == channels else {
                throw ModelBatchError.channels(option, numbers.count, of: channels)
            }
            return numbers.count == 1 ? Array(repeating: numbers[0], count: channels) : numbers
        }
        let (means, deviations) = (
            try each(scaling.mean, "--mean"), try each(scaling.deviation, "--std")
        )
        let count = provenance.parts.first?.images ?? 1
        let area = pixels.count / max(1, count * channels)
        let scaled = pixels.indices.map { index in
            let channel = index / area % channels
            let value =
                (Double(pixels[index]) * normalization.deviation[channel] + normalization.mean[channel])
                / greatest
            return Float((value - means[channel]) / deviations[channel])
        }
        normalization.mean = means
        normalization.deviation = deviations
        normalization.values = "0 to 1"
        normalization.origin = "given with --mean and --std"
        normalization.isMeasured = false
        var own = provenance
        own.normalization = normalization
        return BatchRequest.Images(pixels: scaled, labels: labels, provenance: own)
    }
}

extension DataProvenance.Normalization {
    /// Of the values before it, such as 255.
    fileprivate var greatestValue: Double? { values.split(separator: " ").last.flatMap { Double($0) } }
}

/// Why a model of a file has no batch.
enum ModelBatchError: Error, Equatable, CustomStringConvertible {
    case realLabels(String)
    case noShape(String)
    case noImages(String, Shape, data: String)
    case otherSize(String, ImageShape, input: String, Shape)
    case scaledNoise
    case unknownWholes(String)
    case channels(String, Int, of: Int)
    case noLabels
    case noClasses(Shape)

    var description: String {
        switch self {
        case .realLabels(let file): "The labels of \(file) are real numbers; classes are whole ones."
        case .noShape(let input): "The input \(input) has no shape; give a --batch-file."
        case .noImages(let input, let shape, let data):
            "--data \(data) are square images of three colours, and the input \(input) is \(shape): use noise, or a "
                + "--batch-file."
        case .otherSize(let name, let own, let input, let shape):
            "\(name) are images of \(own), and the input \(input) is \(shape): use noise, folder:DIR or a --batch-file."
        case .scaledNoise: "--mean and --std are for images, and noise is none."
        case .unknownWholes(let input):
            "What whole numbers the input \(input) takes is not known, as they look up no table: give a --batch-file."
        case .channels(let option, let found, let channels):
            "\(option) has \(found) numbers, and the images have \(channels) channels."
        case .noLabels:
            "The loss needs labels: give them as the array “labels” of a --batch-file, draw them with --labels random:0, "
                + "or choose --loss cotangent:0."
        case .noClasses(let shape):
            "The output of shape \(shape) has no axis of classes: choose --loss cotangent:0, or another --output."
        }
    }
}
