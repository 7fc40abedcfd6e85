import NumericalMethods
import Tensors

extension Tensor {
    /// Numbers of −1 ..< 1 from splitmix64, in row-major order: 2u/2⁵³ − 1 with u the upper 53 bits of each output. Exact in
    /// Double.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    init(signedUniforms seed: UInt64, shape: Shape) {
        var generator = SplitMix64(seed: seed)
        self.init(uninitialized: shape)
        withUnsafeMutableBufferPointer { elements in
            for index in elements.indices {
                elements[index] = Scalar(Double(generator.next() >> 11) * 0x1p-52 - 1)
            }
        }
    }
}
