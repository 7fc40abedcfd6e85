import COpenBLAS
import Tensors

/// The matrix of one image's receptive fields: (C·k·k) rows of (H'·W') columns.
struct UnfoldedImage {
    private let geometry: ConvolutionGeometry
    private let rows: Int
    private let columns: Int

    init(_ geometry: ConvolutionGeometry) {
        self.geometry = geometry
        rows = geometry.input.channels * geometry.kernel * geometry.kernel
        columns = geometry.output.area
    }

    var multiplyAdds: Int { geometry.input.batch * rows * columns * geometry.outputChannels }

    /// A 1×1 convolution with stride 1 reads the image as it lies.
    private var isImageItself: Bool { geometry.kernel == 1 && geometry.stride == 1 && geometry.padding == 0 }

    /// y = W · unfold(x).
    func multiply(
        filter: UnsafeBufferPointer<Double>, image: UnsafeBufferPointer<Double>,
        into y: UnsafeMutableBufferPointer<Double>
    ) {
        guard !isImageItself else {
            product(filter: filter, matrix: image.baseAddress, into: y)
            return
        }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: rows * columns) { matrix in
            unfold(image, into: matrix)
            product(filter: filter, matrix: UnsafePointer(matrix.baseAddress), into: y)
        }
    }

    /// x += fold(Wᵀ · c); x comes in as zeros.
    func multiplyTransposed(
        filter: UnsafeBufferPointer<Double>, cotangent: UnsafeBufferPointer<Double>,
        into image: UnsafeMutableBufferPointer<Double>
    ) {
        guard !isImageItself else {
            transposedProduct(filter: filter, cotangent: cotangent, into: image.baseAddress)
            return
        }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: rows * columns) { matrix in
            transposedProduct(filter: filter, cotangent: cotangent, into: matrix.baseAddress)
            fold(UnsafeBufferPointer(matrix), into: image)
        }
    }

    /// W += c · unfold(x)ᵀ.
    func addFilterGradient(
        cotangent: UnsafeBufferPointer<Double>, image: UnsafeBufferPointer<Double>,
        to filter: UnsafeMutableBufferPointer<Double>
    ) {
        guard !isImageItself else {
            addProduct(cotangent: cotangent, matrix: image.baseAddress, to: filter)
            return
        }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: rows * columns) { matrix in
            unfold(image, into: matrix)
            addProduct(cotangent: cotangent, matrix: UnsafePointer(matrix.baseAddress), to: filter)
        }
    }

    private func addProduct(
        cotangent: UnsafeBufferPointer<Double>, matrix: UnsafePointer<Double>?,
        to filter: UnsafeMutableBufferPointer<Double>
    ) {
        propagate_dgemm(
            0, 1, Int32(geometry.outputChannels), Int32(rows), Int32(columns), cotangent.baseAddress,
            Int32(columns), matrix, Int32(columns), 1, filter.baseAddress, Int32(rows))
    }

    private func product(
        filter: UnsafeBufferPointer<Double>, matrix: UnsafePointer<Double>?,
        into y: UnsafeMutableBufferPointer<Double>
    ) {
        propagate_dgemm(
            0, 0, Int32(geometry.outputChannels), Int32(columns), Int32(rows), filter.baseAddress,
            Int32(rows),
            matrix, Int32(columns), 0, y.baseAddress, Int32(columns))
    }

    private func transposedProduct(
        filter: UnsafeBufferPointer<Double>, cotangent: UnsafeBufferPointer<Double>,
        into matrix: UnsafeMutablePointer<Double>?
    ) {
        propagate_dgemm(
            1, 0, Int32(rows), Int32(columns), Int32(geometry.outputChannels), filter.baseAddress,
            Int32(rows),
            cotangent.baseAddress, Int32(columns), 0, matrix, Int32(columns))
    }

    private func unfold(_ image: UnsafeBufferPointer<Double>, into matrix: UnsafeMutableBufferPointer<Double>)
    {
        forEachEntry { entry, pixel in matrix[entry] = pixel.map { image[$0] } ?? 0 }
    }

    private func fold(_ matrix: UnsafeBufferPointer<Double>, into image: UnsafeMutableBufferPointer<Double>) {
        forEachEntry { entry, pixel in
            if let pixel { image[pixel] += matrix[entry] }
        }
    }

    /// Visits every entry of the matrix with the pixel it stands for, `nil` in the padding.
    @inline(__always)
    private func forEachEntry(_ visit: (_ entry: Int, _ pixel: Int?) -> Void) {
        let (height, width) = (geometry.input.height, geometry.input.width)
        let output = geometry.output
        var entry = 0
        for row in 0..<rows {
            let (channel, tap) = row.quotientAndRemainder(dividingBy: geometry.kernel * geometry.kernel)
            let (tapY, tapX) = tap.quotientAndRemainder(dividingBy: geometry.kernel)
            for outY in 0..<output.height {
                let y = outY * geometry.stride + tapY - geometry.padding
                let line = (channel * height + y) * width
                for outX in 0..<output.width {
                    let x = outX * geometry.stride + tapX - geometry.padding
                    let inside = y >= 0 && y < height && x >= 0 && x < width
                    visit(entry, inside ? line + x : nil)
                    entry += 1
                }
            }
        }
    }
}

extension UnsafeBufferPointer {
    /// One sample's part of a batch.
    func sample(_ index: Int, of shape: Shape) -> UnsafeBufferPointer {
        let size = shape.count / shape.batch
        return UnsafeBufferPointer(rebasing: self[(index * size)..<((index + 1) * size)])
    }
}

extension UnsafeMutableBufferPointer {
    /// One sample's part of a batch.
    func sample(_ index: Int, of shape: Shape) -> UnsafeMutableBufferPointer {
        let size = shape.count / shape.batch
        return UnsafeMutableBufferPointer(rebasing: self[(index * size)..<((index + 1) * size)])
    }
}
