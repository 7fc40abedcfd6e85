import DataSets
import Tensors

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
