import Tensors

// Batch normalisation, channel by channel. With s = 1/√(variance + ε) and x̂ = (x − μ)·s, the Jacobian of x̂ is
// the symmetric map P: u ↦ s·(u − mean(u) − x̂·mean(u·x̂)) in training mode and u ↦ s·u with fixed statistics;
// so the pull-back is P(γ·mask·c) and the push-forward mask·γ·P(t).
extension ReferenceKernels {
    public func channelStatistics(_ x: Tensor<Double>) -> ChannelStatistics {
        let size = Double(x.shape.batch * x.shape.area)
        return x.withUnsafeBufferPointer { x, shape in
            var statistics = ChannelStatistics(
                mean: Array(repeating: 0, count: shape.channels),
                variance: Array(repeating: 0, count: shape.channels),
                elements: shape.batch * shape.area)
            for channel in 0..<shape.channels {
                var sum = 0.0
                forEachElement(of: channel, in: shape) { sum += x[$0] }
                let mean = sum / size
                var squares = 0.0
                forEachElement(of: channel, in: shape) { squares += (x[$0] - mean) * (x[$0] - mean) }
                statistics.mean[channel] = mean
                statistics.variance[channel] = squares / size
            }
            return statistics
        }
    }

    public func normalize(_ x: Tensor<Double>, _ n: Normalization) -> Tensor<Double> {
        byChannel(x) { channel, x, y in
            let (mean, slope, shift) = (
                n.mean[channel], n.inverseDeviation[channel] * n.scale[channel], n.shift[channel]
            )
            let rectified = n.activation == .rectifier
            forEachElement(of: channel, in: y.shape) { index in
                let value = (x[index] - mean) * slope + shift
                y.elements[index] = rectified && value <= 0 ? 0 : value
            }
        }
    }

    public func normalizePullback(
        _ cotangent: Tensor<Double>, at x: Tensor<Double>, _ n: Normalization
    ) -> Tensor<Double> {
        cotangent.withUnsafeBufferPointer { c in
            byChannel(x) { channel, x, result in
                let map = NormalizedChannel(n, channel: channel, shape: result.shape, x: x)
                map.project({ map.passes($0) ? c[$0] * map.scale : 0 }, into: result.elements) { _, value in
                    value
                }
            }
        }
    }

    public func normalizePushforward(
        _ tangent: Tensor<Double>, at x: Tensor<Double>, _ n: Normalization
    ) -> Tensor<Double> {
        tangent.withUnsafeBufferPointer { t in
            byChannel(x) { channel, x, result in
                let map = NormalizedChannel(n, channel: channel, shape: result.shape, x: x)
                map.project({ t[$0] }, into: result.elements) { index, value in
                    map.passes(index) ? value * map.scale : 0
                }
            }
        }
    }

    public func normalizePullbackToAll(
        _ cotangent: Tensor<Double>, at x: Tensor<Double>, _ n: Normalization
    ) -> NormalizationPullback<Double> {
        let (scale, shift) = parameterGradients(cotangent, at: x, n)
        return NormalizationPullback(
            input: normalizePullback(cotangent, at: x, n), scale: scale, shift: shift)
    }

    private func parameterGradients(
        _ cotangent: Tensor<Double>, at x: Tensor<Double>, _ n: Normalization
    ) -> (scale: [Double], shift: [Double]) {
        cotangent.withUnsafeBufferPointer { c in
            x.withUnsafeBufferPointer { x, shape in
                var scale = [Double](repeating: 0, count: shape.channels)
                var shift = scale
                for channel in 0..<shape.channels {
                    let map = NormalizedChannel(n, channel: channel, shape: shape, x: x)
                    forEachElement(of: channel, in: shape) { index in
                        guard map.passes(index) else { return }
                        scale[channel] += c[index] * map.normalized(index)
                        shift[channel] += c[index]
                    }
                }
                return (scale, shift)
            }
        }
    }

    private struct Target {
        let shape: Shape
        let elements: UnsafeMutableBufferPointer<Double>
    }

    /// A new tensor, filled one channel at a time.
    private func byChannel(
        _ x: Tensor<Double>, _ fill: (Int, UnsafeBufferPointer<Double>, Target) -> Void
    ) -> Tensor<Double> {
        var result = Tensor<Double>(uninitialized: x.shape)
        let shape = x.shape
        x.withUnsafeBufferPointer { x in
            result.withUnsafeMutableBufferPointer { y in
                withoutActuallyEscaping(fill) { fill in
                    nonisolated(unsafe) let y = y
                    forEachIndex(below: shape.channels, cost: 8 * shape.count) { channel in
                        fill(channel, x, Target(shape: shape, elements: y))
                    }
                }
            }
        }
        return result
    }
}

/// One channel of a batch normalisation at the point x, with its Jacobian P.
private struct NormalizedChannel {
    let x: UnsafeBufferPointer<Double>
    let shape: Shape
    let channel: Int
    let mean: Double
    let inverseDeviation: Double
    let scale: Double
    let shift: Double
    let normalization: (activation: Normalization.Activation, statistics: Normalization.Statistics)

    init(_ n: Normalization, channel: Int, shape: Shape, x: UnsafeBufferPointer<Double>) {
        self.x = x
        self.shape = shape
        self.channel = channel
        mean = n.mean[channel]
        inverseDeviation = n.inverseDeviation[channel]
        scale = n.scale[channel]
        shift = n.shift[channel]
        normalization = (n.activation, n.statistics)
    }

    @inline(__always)
    func normalized(_ index: Int) -> Double { (x[index] - mean) * inverseDeviation }

    /// Whether the rectifier lets this element through.
    @inline(__always)
    func passes(_ index: Int) -> Bool {
        normalization.activation == .none || (x[index] - mean) * (inverseDeviation * scale) + shift > 0
    }

    /// Applies P to `source`, element by element through `finish`.
    @inline(__always)
    func project(
        _ source: (Int) -> Double, into target: UnsafeMutableBufferPointer<Double>,
        finish: (Int, Double) -> Double
    ) {
        var (meanSource, meanProduct) = (0.0, 0.0)
        if normalization.statistics == .ofBatch {
            forEachElement(of: channel, in: shape) { index in
                let value = source(index)
                meanSource += value
                meanProduct += value * normalized(index)
            }
            meanSource /= Double(shape.batch * shape.area)
            meanProduct /= Double(shape.batch * shape.area)
        }
        forEachElement(of: channel, in: shape) { index in
            let projected = inverseDeviation * (source(index) - meanSource - normalized(index) * meanProduct)
            target[index] = finish(index, projected)
        }
    }
}

/// Visits the stored index of every element of a channel.
@inline(__always)
private func forEachElement(of channel: Int, in shape: Shape, _ visit: (Int) -> Void) {
    let area = shape.area
    for sample in 0..<shape.batch {
        let start = (sample * shape.channels + channel) * area
        for index in start..<(start + area) { visit(index) }
    }
}

extension Tensor {
    fileprivate func withUnsafeBufferPointer<Result>(
        _ body: (UnsafeBufferPointer<Scalar>, Shape) throws -> Result
    ) rethrows -> Result {
        try withUnsafeBufferPointer { try body($0, shape) }
    }
}
