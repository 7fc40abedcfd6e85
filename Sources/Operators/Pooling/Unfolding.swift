import Kernels
import Tensors

extension ConvolutionWindow {
    /// Brings one sample, (C, space), to the matrix of what the taps see: (C·taps) rows, a column for every place of the
    /// window (im2col). Its transpose sums up again (col2im).
    func unfolding(channels: Int, extents: [Int], outputs: [Int]) -> Move {
        let source = Shape(axes: [channels] + extents).strides
        let target = Shape(axes: [channels] + axes.map(\.kernel) + outputs).strides
        let own = axes.indices.map { index in
            let axis = axes[index]
            var (from, to) = ([Int?](), [Int?]())
            for tap in 0..<axis.kernel {
                for output in 0..<outputs[index] {
                    let place = output * axis.stride + tap * axis.dilation - axis.before
                    // In the padding there is a zero.
                    from.append((0..<extents[index]).contains(place) ? place * source[index + 1] : nil)
                    to.append(tap * target[index + 1] + output * target[index + 1 + axes.count])
                }
            }
            return Move.Axis(source: from, target: to)
        }
        return Move(axes: [.even(channels, source: source[0], target: target[0])] + own)
    }
}
