import Kernels
import ResidualNetworks
import Tensors

extension NetworkDesign {
    /// The same units, as many, in a small network, and how many samples to put through it.
    ///
    /// What formulas read of a position is kept, the width n included. Images are as small as leaves two places a side
    /// in the last stage; with three samples batch normalisation has twelve values a channel there, of vectors eight samples
    /// give it eight.
    var forDerivativeCheck: (design: NetworkDesign, batch: Int) {
        var small = represented { $0.baseWidth = min(baseWidth, 4) }
        small.classes = min(classes, 4)
        guard !architecture.isOfVectors else {
            small.input = Shape(1, input.channels, min(input.height, 2), min(input.width, 2))
            return (small, 8)
        }
        let stem = (architecture.stem?.stride ?? 1) * (architecture.stem?.pooling?.stride ?? 1)
        let side = 2 * architecture.stages.reduce(stem) { $0 * $1.stride }
        small.input = Shape(1, input.channels, min(input.height, side), min(input.width, side))
        return (small, 3)
    }
}
