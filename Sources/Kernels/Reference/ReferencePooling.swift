import Tensors

extension ReferenceKernels {
    public func maxPool(
        _ x: Tensor<Double>, _ window: ConvolutionWindow
    ) -> (pooled: Tensor<Double>, choice: PoolingChoice) {
        let seen = PooledPlanes(x.shape, window)
        var taps = [UInt16](repeating: 0, count: window.pooled(x.shape).count)
        let pooled = seen.pooled(x) { x, plane, place in
            var best: (value: Double, tap: Int)?
            seen.forEachTap(of: place) { tap, source in
                let value = x[plane * seen.area + source]
                if let best, !(value > best.value || value.isNaN) { return }
                best = (value, tap)
            }
            taps[plane * seen.places + place] = UInt16(best?.tap ?? 0)
            return best?.value ?? 0
        }
        return (pooled, PoolingChoice(window: window, input: x.shape, block: 1, taps: taps))
    }

    public func maxPoolPullback(_ cotangent: Tensor<Double>, _ choice: PoolingChoice) -> Tensor<Double> {
        choice.require(cotangent.shape, is: choice.output)
        let seen = PooledPlanes(choice.input, choice.window)
        return seen.spread(cotangent) { c, plane, place, result in
            let index = plane * seen.places + place
            if let source = seen.source(of: place, tap: Int(choice.taps[index])) {
                result[plane * seen.area + source] += c[index]
            }
        }
    }

    public func maxPoolPushforward(_ tangent: Tensor<Double>, _ choice: PoolingChoice) -> Tensor<Double> {
        choice.require(tangent.shape, is: choice.input)
        let seen = PooledPlanes(choice.input, choice.window)
        return seen.pooled(tangent) { t, plane, place in
            let tap = Int(choice.taps[plane * seen.places + place])
            return seen.source(of: place, tap: tap).map { t[plane * seen.area + $0] } ?? 0
        }
    }

    public func averagePool(
        _ x: Tensor<Double>, _ window: ConvolutionWindow, divisors: [Double]
    ) -> Tensor<Double> {
        let seen = PooledPlanes(x.shape, window)
        return seen.pooled(x) { x, plane, place in
            var sum = 0.0
            seen.forEachTap(of: place) { sum += x[plane * seen.area + $1] }
            return sum / divisors[place]
        }
    }

    public func averagePoolPullback(
        _ cotangent: Tensor<Double>, to input: Shape, _ window: ConvolutionWindow, divisors: [Double]
    ) -> Tensor<Double> {
        let seen = PooledPlanes(input, window)
        return seen.spread(cotangent) { c, plane, place, result in
            let part = c[plane * seen.places + place] / divisors[place]
            seen.forEachTap(of: place) { result[plane * seen.area + $1] += part }
        }
    }
}

/// What the windows of a pooling see in every plane: one channel of one sample.
private struct PooledPlanes {
    private let input: Shape
    private let output: Shape
    /// Tap by tap, for every place of the window.
    private let sources: [Int?]

    init(_ input: Shape, _ window: ConvolutionWindow) {
        self.input = input
        output = window.pooled(input)
        sources = window.sources(over: Array(input.axes.dropFirst(2)))
    }

    /// Elements of a plane.
    var area: Int { input.area }
    /// Places of the window in a plane.
    var places: Int { output.area }

    /// Where in a plane a tap reads; `nil` outside.
    func source(of place: Int, tap: Int) -> Int? { sources[tap * places + place] }

    func forEachTap(of place: Int, _ visit: (_ tap: Int, _ source: Int) -> Void) {
        for tap in 0..<(sources.count / places) {
            if let source = source(of: place, tap: tap) { visit(tap, source) }
        }
    }

    /// A pooled map, element by element.
    func pooled(
        _ x: Tensor<Double>, _ element: (UnsafeBufferPointer<Double>, _ plane: Int, _ place: Int) -> Double
    ) -> Tensor<Double> {
        var result = Tensor<Double>(uninitialized: output)
        x.reblocked(to: 1).withUnsafeBufferPointer { x in
            result.withUnsafeMutableBufferPointer { result in
                forEachPlace { result[$0 * places + $1] = element(x, $0, $1) }
            }
        }
        return result
    }

    /// A cotangent of a pooled map brought back to the map, which comes in as zeros.
    func spread(
        _ c: Tensor<Double>,
        _ body: (UnsafeBufferPointer<Double>, _ plane: Int, _ place: Int, UnsafeMutableBufferPointer<Double>)
            ->
            Void
    ) -> Tensor<Double> {
        var result = Tensor<Double>(zeros: input)
        c.reblocked(to: 1).withUnsafeBufferPointer { c in
            result.withUnsafeMutableBufferPointer { result in
                forEachPlace { body(c, $0, $1, result) }
            }
        }
        return result
    }

    private func forEachPlace(_ visit: (_ plane: Int, _ place: Int) -> Void) {
        for plane in 0..<(input.batch * input.channels) {
            for place in 0..<places { visit(plane, place) }
        }
    }
}
