import Files

/// Takes the byte values of one channel to mean 0 and standard deviation 1.
struct ChannelScaling: Equatable, Sendable {
    /// Values of the channel in one image.
    let area: Int
    let mean: Float
    let inverseDeviation: Float

    func normalised(_ byte: UInt8) -> Float { (Float(byte) - mean) * inverseDeviation }

    /// The scaling of each channel over the first `records` records of a file, whose
    /// pixels begin `start` bytes into each record of `length` bytes.
    static func measured(
        _ file: borrowing InputFile<DataSetError>, records: Int, length: Int, start: Int, shape: ImageShape
    ) throws(DataSetError) -> [ChannelScaling] {
        let area = shape.height * shape.width
        var sums = [Int](repeating: 0, count: shape.channels)
        var squares = [Int](repeating: 0, count: shape.channels)
        // 256 records, 0.8 MB: few calls, and still in the cache when it is summed.
        for first in stride(from: 0, to: records, by: 256) {
            let count = min(256, records - first)
            let bytes = try file.bytes(count * length, at: first * length)
            for record in 0..<count {
                for channel in 0..<shape.channels {
                    let begin = record * length + start + channel * area
                    let (sum, square) = bytes.withUnsafeBufferPointer {
                        byteSums(UnsafeBufferPointer(rebasing: $0[begin..<begin + area]))
                    }
                    sums[channel] += sum
                    squares[channel] += square
                }
            }
        }
        return zip(sums, squares).map { sum, square in
            let moments = Moments(count: records * area, sum: Double(sum), squares: Double(square))
            return ChannelScaling(
                area: area, mean: Float(moments.mean), inverseDeviation: Float(1 / moments.standardDeviation))
        }
    }

    /// Sum and sum of squares. 32 bits hold both for up to 66,000 bytes, and let the
    /// compiler use vectors.
    private static func byteSums(_ bytes: UnsafeBufferPointer<UInt8>) -> (sum: Int, squares: Int) {
        var (sum, squares) = (UInt32(0), UInt32(0))
        for byte in bytes {
            let value = UInt32(byte)
            sum &+= value
            squares &+= value &* value
        }
        return (Int(sum), Int(squares))
    }
}
