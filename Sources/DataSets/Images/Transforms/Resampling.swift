/// Bilinear resampling with antialiasing: the triangle filter, as wide as a pixel of the result where that is larger
/// than one of the image, and otherwise as wide as one of the image.
///
/// Enlarging interpolates linearly, reducing averages over the area that a pixel of the result covers, so that no
/// detail turns into moiré. Rows and columns are treated one after the other. Pixels outside a crop but inside its
/// image count, as they do where the whole image is resampled and then cut; those outside the image do not, and the
/// weights of the rest are scaled to sum to 1. Nothing is rounded to 8 bits.
public enum Resampling {
    /// The crop at side × side: three planes R, G, B of values 0 … 255, row by row.
    public static func render(_ crop: Crop, of image: RGBImage, side: Int) -> [Float] {
        let columns = taps(from: crop.x, length: crop.width, size: image.width, outputs: side)
        let rows = taps(from: crop.y, length: crop.height, size: image.height, outputs: side)
        let first = rows.map(\.first).min() ?? 0
        let last = rows.map { $0.first + $0.weights.count }.max() ?? 0
        // Planes of the rows that are read, resampled along x.
        let height = last - first
        var narrow = [Float](repeating: 0, count: 3 * height * side)
        image.pixels.withUnsafeBufferPointer { pixels in
            narrow.withUnsafeMutableBufferPointer { narrow in
                for row in 0..<height {
                    let line = (first + row) * image.width
                    for (output, tap) in columns.enumerated() {
                        let place = crop.isFlipped ? side - 1 - output : output
                        var (red, green, blue) = (Float(0), Float(0), Float(0))
                        for (offset, weight) in tap.weights.enumerated() {
                            let pixel = 3 * (line + tap.first + offset)
                            red += weight * Float(pixels[pixel])
                            green += weight * Float(pixels[pixel + 1])
                            blue += weight * Float(pixels[pixel + 2])
                        }
                        narrow[row * side + place] = red
                        narrow[(height + row) * side + place] = green
                        narrow[(2 * height + row) * side + place] = blue
                    }
                }
            }
        }
        var result = [Float](repeating: 0, count: 3 * side * side)
        narrow.withUnsafeBufferPointer { narrow in
            result.withUnsafeMutableBufferPointer { result in
                for color in 0..<3 {
                    for (output, tap) in rows.enumerated() {
                        let target = (color * side + output) * side
                        for (offset, weight) in tap.weights.enumerated() {
                            let source = (color * height + tap.first - first + offset) * side
                            for column in 0..<side {
                                result[target + column] += weight * narrow[source + column]
                            }
                        }
                    }
                }
            }
        }
        return result
    }

    /// The pixels that one pixel of the result is made of.
    struct Tap: Equatable {
        let first: Int
        /// They sum to 1.
        let weights: [Float]
    }

    /// Along one axis: `outputs` equal parts of [start, start + length) of `size` pixels.
    static func taps(from start: Double, length: Double, size: Int, outputs: Int) -> [Tap] {
        let step = length / Double(outputs)
        let reach = max(step, 1)
        return (0..<outputs).map { output in
            let center = start + (Double(output) + 0.5) * step
            let first = max(0, min(size - 1, Int((center - reach).rounded(.down))))
            let last = max(first, min(size - 1, Int((center + reach).rounded(.down))))
            let weights = (first...last).map { max(0, 1 - abs(Double($0) + 0.5 - center) / reach) }
            let sum = weights.reduce(0, +)
            // A part beyond the edge takes the pixel at the edge.
            guard sum > 0 else { return Tap(first: center < 0 ? first : last, weights: [1]) }
            return Tap(first: first, weights: weights.map { Float($0 / sum) })
        }
    }
}
