import Foundation
import Tensors

// Exponents never run out: before the elements of a scaled tensor get near the end of their range, a power of two moves
// into its exponent; and where their squares got there already, they are measured anew at another scale.
extension ScaledTensor where Scalar: KernelScalar {
    /// Binary orders that a norm may be away from 1: the next unit's operations work on the elements as they are.
    private static var widestOrder: Int { 40 }

    /// The norm, given Σ tensor² as the kernels took it, and the sum after a power of two has perhaps moved.
    @discardableResult
    package mutating func keepInRange(squaredNorm: Double) -> (norm: LogNorm, squaredNorm: Double) {
        guard !isScaledToZero else { return (.zero, squaredNorm) }
        var squares = squaredNorm
        if !squares.isFinite || squares < Scalar.leastReliableSquares {
            let largest = Scalar.kernels.largestMagnitude(tensor)
            guard largest.isFinite else { return (.notFinite, .nan) }
            guard largest > 0 else {
                self = scaled(by: 0)
                return (.zero, 0)
            }
            movePowerOfTwo(Int(largest.exponent))
            squares = Scalar.kernels.sumOfSquares(tensor)
        }
        let norm = log10Norm(squaredNorm: squares)
        let order = Int(squares.exponent) / 2
        guard abs(order) > Self.widestOrder else { return (norm, squares) }
        movePowerOfTwo(order)
        return (norm, scalbn(squares, -2 * order))
    }

    @discardableResult
    package mutating func keepInRange() -> LogNorm {
        keepInRange(squaredNorm: Scalar.kernels.sumOfSquares(tensor)).norm
    }

    /// Before two are added: their exponents tell their sizes apart only while both are in range.
    package static func keepInRange(_ a: inout ScaledTensor, _ b: inout ScaledTensor) {
        guard !a.isScaledToZero, !b.isScaledToZero, abs(a.exponent - b.exponent) > widestOrder else { return }
        a.keepInRange()
        b.keepInRange()
    }

    private mutating func movePowerOfTwo(_ power: Int) {
        self = ScaledTensor(
            Scalar.kernels.scale(tensor, byPowerOfTwo: -power), factor: factor, exponent: exponent + power)
    }

    /// log10 of the norm.
    package var log10Norm: LogNorm {
        var copy = self
        return copy.keepInRange()
    }

    /// The sum of two, kept in range, in this one's memory where nobody else holds it; with its norm.
    package consuming func adding(_ other: ScaledTensor) -> (tensor: ScaledTensor, norm: LogNorm) {
        var first = self
        var second = other
        Self.keepInRange(&first, &second)
        let exponent = first.commonExponent(with: second)
        let (tensor, coefficient) = (first.tensor, first.coefficient(relativeTo: exponent))
        _ = consume first
        let (sum, squares) = Scalar.kernels.combineMeasured(
            consume tensor, coefficient, second.tensor, second.coefficient(relativeTo: exponent))
        var result = ScaledTensor(sum, exponent: exponent)
        let norm = result.keepInRange(squaredNorm: squares).norm
        return (result, norm)
    }
}

extension KernelScalar {
    /// A sum of squares below this may have lost some of them to underflow. Those of Float are taken in Double, where
    /// none does.
    package static var leastReliableSquares: Double {
        max(scalbn(1, -900), Double(leastNonzeroMagnitude) * Double(leastNonzeroMagnitude))
    }
}
