import Kernels
import Tensors

/// What parameters were applied to: the tensor itself, or the linearization of the map it came from, which makes
/// it again in a pass over memory.
enum ParameterInput<Scalar: KernelScalar>: Sendable {
    case kept(TensorReference<Scalar>)
    case repeated(any Linearization<Scalar>)

    /// - Throws: `NetworkError.inputReleased`.
    func tensor() throws -> Tensor<Scalar> {
        let tensor =
            switch self {
            case .kept(let reference): reference.tensor
            case .repeated(let derivative): try derivative.value()
            }
        guard let tensor else { throw NetworkError.inputReleased }
        return tensor
    }
}
