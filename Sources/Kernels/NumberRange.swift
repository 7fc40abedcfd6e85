import Foundation
import Tensors

// What keeps numbers within the range of their type.
extension KernelSet {
    /// 2^n·x. A power of two beyond the type's range is applied in steps: 2^130 is no Float, though 2^130·x may be one.
    public func scale(_ x: consuming Tensor<Scalar>, byPowerOfTwo n: Int) -> Tensor<Scalar> {
        let largestStep = Int(Scalar.greatestFiniteMagnitude.exponent) - 1
        var (result, rest) = (x, n)
        while rest != 0 {
            let step = max(-largestStep, min(largestStep, rest))
            result = scale(consume result, by: scalbn(1, step))
            rest -= step
        }
        return result
    }

    /// The largest |x|; NaN where an element is NaN. Plain and slow: for tensors whose sum of squares left its range.
    public func largestMagnitude(_ x: Tensor<Scalar>) -> Double {
        x.withUnsafeBufferPointer { elements in
            Scalar.doubles(elements).reduce(0) { $1.isNaN ? $1 : max($0, abs($1)) }
        }
    }

    /// Whether every element is finite. Squares of finite numbers may overflow alone.
    public func isFinite(_ x: Tensor<Scalar>) -> Bool {
        sumOfSquares(x).isFinite || largestMagnitude(x).isFinite
    }
}

extension ScaledTensor where Scalar: KernelScalar {
    /// `factor · 2^exponent · tensor` as a plain tensor.
    public var plain: Tensor<Scalar> {
        let coefficient = coefficient(relativeTo: 0)
        if coefficient == 1 { return tensor }
        if coefficient == 0 || Scalar(coefficient).isNormal {
            return Scalar.kernels.scale(tensor, by: coefficient)
        }
        return Scalar.kernels.scale(Scalar.kernels.scale(tensor, by: factor), byPowerOfTwo: exponent)
    }
}
