import DataSets
import Graphs
import Kernels
import NumericalMethods
import ONNX
import Operators
import Tensors

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
