import COpenBLAS
import Tensors

/// The matrices of the receptive fields of a batch (im2col): for every sample and group (C/groups·taps) rows, a column for
/// every place of the window.
struct UnfoldedImage {
    private let geometry: ConvolutionGeometry
    private let rows: Int
    private let columns: Int
    /// Outputs and inputs of a group.
    private let outputs: Int
    private let inputs: Int
    /// For every tap and place of the window where in a channel it reads; `nil` in the padding.
    private let sources: [Int?]

    init(_ geometry: ConvolutionGeometry) {
        self.geometry = geometry
        inputs = geometry.input.channels / geometry.groups
        outputs = geometry.outputChannels / geometry.groups
        rows = inputs * geometry.window.count
        columns = geometry.output.area
        sources = geometry.window.sources(over: Array(geometry.input.axes.dropFirst(2)))
    }

    /// Parts that are matrices of their own: every group of every sample.
    var parts: Int { geometry.input.batch * geometry.groups }
    var multiplyAdds: Int { parts * rows * columns * outputs }

    /// A filter of one tap that stands on every place in turn reads the image as it lies.
    private var isImageItself: Bool {
        geometry.window.axes.allSatisfy {
            $0.kernel == 1 && $0.stride == 1 && $0.before == 0 && $0.after == 0
        }
    }

    /// y = W · unfold(x), for one part.
    func multiply(
        part: Int, filter: UnsafePointer<Double>, image: UnsafePointer<Double>,
        into y: UnsafeMutablePointer<Double>
    ) {
        let filter = filter + part % geometry.groups * outputs * rows
        let y = y + part * outputs * columns
        withMatrix(of: image + part * inputs * geometry.input.area) { matrix in
            propagate_dgemm(
                0, 0, Int32(outputs), Int32(columns), Int32(rows), filter, Int32(rows), matrix,
                Int32(columns), 0, y, Int32(columns))
        }
    }

    /// x += fold(Wᵀ · c), for one part; x comes in as zeros.
    func multiplyTransposed(
        part: Int, filter: UnsafePointer<Double>, cotangent: UnsafePointer<Double>,
        into image: UnsafeMutablePointer<Double>
    ) {
        let filter = filter + part % geometry.groups * outputs * rows
        let cotangent = cotangent + part * outputs * columns
        let image = image + part * inputs * geometry.input.area
        func product(_ matrix: UnsafeMutablePointer<Double>?) {
            propagate_dgemm(
                1, 0, Int32(rows), Int32(columns), Int32(outputs), filter, Int32(rows), cotangent,
                Int32(columns), 0, matrix, Int32(columns))
        }
        guard !isImageItself else { return product(image) }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: rows * columns) { matrix in
            product(matrix.baseAddress)
            forEachEntry { entry, pixel in
                if let pixel { image[pixel] += matrix[entry] }
            }
        }
    }

    /// W += c · unfold(x)ᵀ, for one part.
    func addFilterGradient(
        part: Int, cotangent: UnsafePointer<Double>, image: UnsafePointer<Double>,
        to filter: UnsafeMutablePointer<Double>
    ) {
        let filter = filter + part % geometry.groups * outputs * rows
        let cotangent = cotangent + part * outputs * columns
        withMatrix(of: image + part * inputs * geometry.input.area) { matrix in
            propagate_dgemm(
                0, 1, Int32(outputs), Int32(rows), Int32(columns), cotangent, Int32(columns), matrix,
                Int32(columns), 1, filter, Int32(rows))
        }
    }

    private func withMatrix(of image: UnsafePointer<Double>, _ body: (UnsafePointer<Double>?) -> Void) {
        guard !isImageItself else { return body(image) }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: rows * columns) { matrix in
            forEachEntry { entry, pixel in matrix[entry] = pixel.map { image[$0] } ?? 0 }
            body(UnsafePointer(matrix.baseAddress))
        }
    }

    /// Visits every entry of a part's matrix with the element that it stands for, `nil` in the padding.
    @inline(__always)
    private func forEachEntry(_ visit: (_ entry: Int, _ pixel: Int?) -> Void) {
        let area = geometry.input.area
        sources.withUnsafeBufferPointer { sources in
            for channel in 0..<inputs {
                let (entry, pixel) = (channel * sources.count, channel * area)
                for index in sources.indices {
                    if let source = sources[index] {
                        visit(entry + index, pixel + source)
                    } else {
                        visit(entry + index, nil)
                    }
                }
            }
        }
    }
}
