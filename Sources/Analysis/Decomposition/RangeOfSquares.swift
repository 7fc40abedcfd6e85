import Kernels

extension KernelScalar {
    /// Values of 1e154 and more are finite in Double while their squares are not. Every finite value of the type has
    /// one after multiplication by 2^−this, and sums of squares have room too.
    static var exponentAboveSquares: Int { 3 * Int(greatestFiniteMagnitude.exponent) / 4 }
}
