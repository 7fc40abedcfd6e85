internal import CGSL

extension RandomStream {
    /// Fills `buffer` with normal numbers of mean 0 and the given standard deviation.
    ///
    /// Marsaglia and Tsang's ziggurat as in GSL: 24 random bits and the sign from
    /// one generator word for 98 % of the draws, so tails are exact but the values
    /// within a layer lie on a grid of 2⁻²⁴ of its width.
    public mutating func fillNormals<Scalar: BinaryFloatingPoint>(
        _ buffer: UnsafeMutableBufferPointer<Scalar>, standardDeviation: Double
    ) {
        precondition(
            standardDeviation >= 0 && standardDeviation.isFinite,
            "standard deviation \(standardDeviation)")
        fill(
            buffer,
            float: { cgsl_fill_normals_float($0, $1, $2, standardDeviation) },
            double: { cgsl_fill_normals_double($0, $1, $2, standardDeviation) })
    }

    /// Fills `buffer` with numbers uniform on `[range.lowerBound, range.upperBound)`.
    public mutating func fillUniforms<Scalar: BinaryFloatingPoint>(
        _ buffer: UnsafeMutableBufferPointer<Scalar>, in range: Range<Double> = 0..<1
    ) {
        let (low, high) = (range.lowerBound, range.upperBound)
        precondition(low < high && (high - low).isFinite, "empty or infinite range \(range)")
        fill(
            buffer,
            float: { cgsl_fill_uniforms_float($0, $1, $2, low, high) },
            double: { cgsl_fill_uniforms_double($0, $1, $2, low, high) })
    }

    /// Fills `buffer` with a dropout mask: 0 with probability `dropProbability`
    /// (in `[0, 1]`, taken to the nearest multiple of 2⁻³²), else 1.
    public mutating func fillMask<Scalar: BinaryFloatingPoint>(
        _ buffer: UnsafeMutableBufferPointer<Scalar>, dropProbability: Double
    ) {
        precondition((0...1).contains(dropProbability), "probability \(dropProbability)")
        fill(
            buffer,
            float: { cgsl_fill_mask_float($0, $1, $2, dropProbability) },
            double: { cgsl_fill_mask_double($0, $1, $2, dropProbability) })
    }

    private typealias Filler<Scalar> = (
        UnsafeMutablePointer<gsl_rng>, UnsafeMutablePointer<Scalar>, Int
    ) -> Void

    /// Runs the C loop of the buffer's precision. Another precision takes the
    /// numbers of `Double`, rounded.
    private func fill<Scalar: BinaryFloatingPoint>(
        _ buffer: UnsafeMutableBufferPointer<Scalar>, float: Filler<Float>, double: Filler<Double>
    ) {
        guard let start = buffer.baseAddress else { return }
        let raw = UnsafeMutableRawPointer(start)
        if Scalar.self == Float.self {
            float(generator, raw.assumingMemoryBound(to: Float.self), buffer.count)
        } else if Scalar.self == Double.self {
            double(generator, raw.assumingMemoryBound(to: Double.self), buffer.count)
        } else {
            for index in buffer.indices {
                var value = 0.0
                double(generator, &value, 1)
                buffer[index] = Scalar(value)
            }
        }
    }
}
