import Analysis
import Arrays
import Graphs
import Kernels
import ONNX
import Operators
import Tensors

/// A model of a file on the batch of another, as `propagate MODEL.onnx --batch-file FILE` measures it.
struct MeasuredModel {
    let subject: ModelSubject<Float>
    /// Bytes of its weights in single precision.
    let weightBytes: Int

    /// - Parameter batch: arrays by the names of the model's inputs, and `labels`.
    init(path: String, batch: String) throws {
        var (inputs, labels) = ([String: Value<Float>](), Labels?.none)
        for array in try NamedArrays(readingFrom: batch).arrays {
            if array.name == "labels", let wholes = array.wholes {
                labels = Labels(wholes, shape: array.shape)
            } else if let wholes = array.wholes {
                inputs[array.name] = .whole(WholeTensor(wholes, shape: array.shape))
            } else if let tensor = array.tensor(of: Float.self) {
                inputs[array.name] = Value(tensor)
            }
        }
        guard let labels else { throw BenchmarkError.noLabels(batch) }
        let file = try ModelFile(path: path)
        let read = try ReadModel(file, file: path, arrays: inputs)
        let model = try ResidualModel(of: read.graph)
        subject = ModelSubject(model, read.arguments, loss: .crossEntropy(labels), name: path)
        weightBytes = read.arguments.parameters.values.reduce(0) { $0 + $1.shape.count } * MemoryLayout<Float>.stride
    }
}
