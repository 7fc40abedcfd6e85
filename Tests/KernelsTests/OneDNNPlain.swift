import Tensors

@testable import Kernels

/// The operations once more, as loops over (N, C, H, W) in Double: what the fast kernels are compared with.
enum Plain {
    static func at(_ s: Shape, _ n: Int, _ c: Int, _ h: Int, _ w: Int) -> Int {
        ((n * s.channels + c) * s.height + h) * s.width + w
    }

    /// Every index of a box.
    private static func places(_ extents: [Int]) -> [[Int]] {
        extents.reduce([[]]) { places, extent in places.flatMap { p in (0..<extent).map { p + [$0] } } }
    }

    /// Calls `body` with the indices of every product of a convolution: of x, of the filter and of y.
    static func forEachProduct(_ g: ConvolutionGeometry, _ body: (Int, Int, Int) -> Void) {
        let (axes, space) = (g.window.axes, g.input.axes.dropFirst(2))
        let taps = places(axes.map(\.kernel))
        // In space alone: place of y, tap, place of x.
        var seen: [(y: Int, tap: Int, x: Int)] = []
        for (y, place) in places(Array(g.output.axes.dropFirst(2))).enumerated() {
            for (index, tap) in taps.enumerated() {
                let at = axes.indices.map {
                    place[$0] * axes[$0].stride + tap[$0] * axes[$0].dilation - axes[$0].before
                }
                guard zip(at, space).allSatisfy({ (0..<$1).contains($0) }) else { continue }
                seen.append((y, index, zip(at, space).reduce(0) { $0 * $1.1 + $1.0 }))
            }
        }
        let (inputs, outputs) = (g.filter.channels, g.outputChannels / g.groups)
        for n in 0..<g.input.batch {
            for o in 0..<g.outputChannels {
                for i in 0..<inputs {
                    let channel = n * g.input.channels + o / outputs * inputs + i
                    let (x, y) = (channel * g.input.area, (n * g.outputChannels + o) * g.output.area)
                    let w = (o * inputs + i) * taps.count
                    for place in seen { body(x + place.x, w + place.tap, y + place.y) }
                }
            }
        }
    }

    static func convolution(_ x: [Double], _ filter: [Double], _ g: ConvolutionGeometry) -> [Double] {
        var y = [Double](repeating: 0, count: g.output.count)
        forEachProduct(g) { y[$2] += x[$0] * filter[$1] }
        return y
    }

    static func convolutionPullback(
        _ cotangent: [Double], _ filter: [Double], _ g: ConvolutionGeometry
    ) -> [Double] {
        var x = [Double](repeating: 0, count: g.input.count)
        forEachProduct(g) { x[$0] += cotangent[$2] * filter[$1] }
        return x
    }

    static func channel(_ index: Int, _ s: Shape) -> Int { index / s.area % s.channels }

    /// The mean over batch and space of every channel.
    static func channelMeans(_ x: [Double], _ s: Shape) -> [Double] {
        var sums = [Double](repeating: 0, count: s.channels)
        for (index, value) in x.enumerated() { sums[channel(index, s)] += value }
        return sums.map { $0 / Double(s.batch * s.area) }
    }

    static func statistics(_ x: [Double], _ s: Shape) -> ChannelStatistics {
        let mean = channelMeans(x, s)
        let squares = x.enumerated().map { ($1 - mean[channel($0, s)]) * ($1 - mean[channel($0, s)]) }
        return ChannelStatistics(mean: mean, variance: channelMeans(squares, s))
    }

    /// γ·x̂ + β before the rectifier, and x̂.
    static func affine(_ x: [Double], _ s: Shape, _ map: Normalization) -> (image: [Double], normal: [Double])
    {
        let normal = x.enumerated().map { index, value in
            (value - map.mean[channel(index, s)]) * map.inverseDeviation[channel(index, s)]
        }
        let image = normal.enumerated().map { index, value in
            value * map.scale[channel(index, s)] + map.shift[channel(index, s)]
        }
        return (image, normal)
    }

    static func normalize(_ x: [Double], _ s: Shape, _ map: Normalization) -> [Double] {
        let image = affine(x, s, map).image
        return map.activation == .rectifier ? image.map { max(0, $0) } : image
    }

    /// The affine part's derivative, which is symmetric.
    private static func derivative(
        _ v: [Double], _ normal: [Double], _ s: Shape, _ map: Normalization
    ) -> [Double] {
        let gain = Array(Swift.zip(map.scale, map.inverseDeviation)).map { $0 * $1 }
        guard map.statistics == .ofBatch else {
            return v.enumerated().map { gain[channel($0, s)] * $1 }
        }
        let mean = channelMeans(v, s)
        let moment = channelMeans(Array(Swift.zip(v, normal)).map { $0 * $1 }, s)
        return v.indices.map { index in
            let c = channel(index, s)
            return gain[c] * (v[index] - mean[c] - normal[index] * moment[c])
        }
    }

    private static func masked(_ v: [Double], _ image: [Double], _ map: Normalization) -> [Double] {
        map.activation == .none ? v : v.indices.map { image[$0] > 0 ? v[$0] : 0 }
    }

    static func normalizePullback(
        _ cotangent: [Double], at x: [Double], _ s: Shape, _ map: Normalization
    ) -> [Double] {
        let (image, normal) = affine(x, s, map)
        return derivative(masked(cotangent, image, map), normal, s, map)
    }

    static func normalizePushforward(
        _ tangent: [Double], at x: [Double], _ s: Shape, _ map: Normalization
    ) -> [Double] {
        let (image, normal) = affine(x, s, map)
        return masked(derivative(tangent, normal, s, map), image, map)
    }

    static func dot(_ x: [Double], _ y: [Double]) -> Double {
        Swift.zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
