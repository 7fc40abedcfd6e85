import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

/// Images as a stem reads them, patch by patch.
struct StemImages {
    let shape: Shape
    /// (N, C, H, W) in row-major order.
    private let pixels: [Float]

    init(pixels: [Float], samples: Int, channels: Int, height: Int, width: Int) {
        shape = Shape(samples, channels, height, width)
        self.pixels = pixels
    }

    /// A position of one sample.
    struct Place {
        let sample: Int
        let row: Int
        let column: Int
    }

    /// At most so many positions of a map, spread over samples, rows and columns.
    func places(among extent: Shape, limit: Int) -> [Place] {
        let positions = extent.area
        let total = extent.batch * positions
        let count = min(limit, total)
        return (0..<count).map { index in
            let place = Int(saturating: (Double(index) + 0.5) * Double(total) / Double(count))
            let (sample, position) = place.quotientAndRemainder(dividingBy: positions)
            // A stride that is prime to powers of two walks through all rows and columns.
            let shifted = (position * 37 + sample * 11) % positions
            return Place(sample: sample, row: shifted / extent.width, column: shifted % extent.width)
        }
    }

    /// What the stem's filter reads for an output at a row and a column, zero outside the image.
    func patch(sample: Int, row: Int, column: Int, stem: StemDesign) -> [Double] {
        let reach = stem.kernel / 2
        let (centerY, centerX) = (row * stem.stride, column * stem.stride)
        var values: [Double] = []
        values.reserveCapacity(shape.channels * stem.kernel * stem.kernel)
        for channel in 0..<shape.channels {
            for y in (centerY - reach)...(centerY + reach) {
                for x in (centerX - reach)...(centerX + reach) {
                    let isInside = y >= 0 && y < shape.height && x >= 0 && x < shape.width
                    let index = ((sample * shape.channels + channel) * shape.height + y) * shape.width + x
                    values.append(isInside ? Double(pixels[index]) : 0)
                }
            }
        }
        return values
    }

    /// One whole image.
    func image(_ sample: Int) -> [Double] {
        let size = shape.count / shape.batch
        return pixels[sample * size..<(sample + 1) * size].map(Double.init)
    }
}

extension StemDesign {
    /// Extent of what the stem's convolution makes of a batch, before any pooling.
    func convolved(_ input: Shape) -> Shape {
        StemDesign(kernel: kernel, stride: stride).output(for: input, channels: 1)
    }
}

extension Array where Element == [Double] {
    /// Takes the mean of all vectors off each.
    mutating func removeMean() {
        guard let first else { return }
        for element in first.indices {
            let mean = reduce(0) { $0 + $1[element] } / Double(count)
            for index in indices { self[index][element] -= mean }
        }
    }
}

func dotProduct(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
}
