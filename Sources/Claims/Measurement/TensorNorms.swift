import Kernels
import Tensors

/// ‖x‖.
func norm<Scalar: KernelScalar>(_ x: Tensor<Scalar>) -> Double {
    Scalar.kernels.sumOfSquares(x).squareRoot()
}

/// ‖a − b‖ / ‖b‖; infinite where b is 0 and a is not.
func relativeDistance<Scalar: KernelScalar>(_ a: Tensor<Scalar>, from b: Tensor<Scalar>) -> Double {
    let distance = norm(Scalar.kernels.combine(a, 1, b, -1))
    return distance == 0 ? 0 : distance / norm(b)
}
