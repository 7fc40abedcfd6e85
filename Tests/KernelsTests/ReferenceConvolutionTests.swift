import Kernels
import ProofSupport
import Tensors
import Testing

/// The reference convolution against its definition, written out.
@Suite("Reference convolution")
struct ReferenceConvolutionTests {
    static let geometries: [ConvolutionGeometry] = [
        ConvolutionGeometry(input: Shape(2, 3, 5, 7), outputChannels: 4, kernel: 3, stride: 1, padding: 1),
        ConvolutionGeometry(input: Shape(1, 2, 7, 5), outputChannels: 5, kernel: 3, stride: 2, padding: 1),
        ConvolutionGeometry(input: Shape(3, 2, 6, 4), outputChannels: 3, kernel: 3, stride: 2, padding: 1),
        ConvolutionGeometry(input: Shape(2, 4, 5, 3), outputChannels: 2, kernel: 1, stride: 1, padding: 0),
        ConvolutionGeometry(input: Shape(1, 4, 5, 3), outputChannels: 2, kernel: 1, stride: 2, padding: 0),
        ConvolutionGeometry(input: Shape(2, 1, 9, 8), outputChannels: 3, kernel: 5, stride: 3, padding: 2),
        ConvolutionGeometry(input: Shape(1, 2, 4, 4), outputChannels: 1, kernel: 3, stride: 1, padding: 0),
        ConvolutionGeometry(input: Shape(2, 2, 1, 6), outputChannels: 2, kernel: 3, stride: 1, padding: 1),
        ConvolutionGeometry(input: Shape(2, 3, 12, 9), outputChannels: 4, kernel: 7, stride: 2, padding: 3),
        ConvolutionGeometry(input: Shape(5, 7), outputChannels: 3, kernel: 1, stride: 1, padding: 0),
        ConvolutionGeometry(input: Shape(1, 1), outputChannels: 1, kernel: 1, stride: 1, padding: 0),
        ConvolutionGeometry(input: Shape(3, 2), outputChannels: 4, kernel: 3, stride: 1, padding: 1),
        ConvolutionGeometry(input: Shape(2, 3), outputChannels: 2, kernel: 3, stride: 2, padding: 1),
    ]

    /// y(n, o, i, j) = Σ W(o, c, a, b)·x(n, c, i·s + a − p, j·s + b − p).
    private func definition(
        _ x: Tensor<Double>, _ filter: Tensor<Double>, _ g: ConvolutionGeometry
    ) -> Tensor<Double> {
        let (x, w) = (x.elements, filter.elements)
        let (input, output, k) = (g.input, g.output, g.kernel)
        var y: [Double] = []
        for n in 0..<output.batch {
            for o in 0..<output.channels {
                for i in 0..<output.height {
                    for j in 0..<output.width {
                        var sum = 0.0
                        for c in 0..<input.channels {
                            for a in 0..<k {
                                for b in 0..<k {
                                    let (row, column) = (
                                        i * g.stride + a - g.padding, j * g.stride + b - g.padding
                                    )
                                    guard (0..<input.height).contains(row), (0..<input.width).contains(column)
                                    else { continue }
                                    sum +=
                                        w[((o * input.channels + c) * k + a) * k + b]
                                        * x[
                                            ((n * input.channels + c) * input.height + row) * input.width
                                                + column]
                                }
                            }
                        }
                        y.append(sum)
                    }
                }
            }
        }
        return Tensor(y, shape: output)
    }

    @Test(arguments: geometries)
    func followsItsDefinition(geometry: ConvolutionGeometry) throws {
        let x: Tensor<Double> = randomTensor(geometry.input, seed: 1, name: "x")
        let filter: Tensor<Double> = randomTensor(geometry.filter, seed: 1, name: "filter")
        let y = try Double.kernels.convolution(x, filter, geometry)
        // Sums of at most 45 products in another order.
        #expect(relativeError(y, definition(x, filter, geometry)) < 1e-14)
    }

    @Test(arguments: geometries)
    func pullbackIsTheAdjoint(geometry: ConvolutionGeometry) throws {
        let x: Tensor<Double> = randomTensor(geometry.input, seed: 2, name: "x")
        let filter: Tensor<Double> = randomTensor(geometry.filter, seed: 2, name: "filter")
        let cotangent: Tensor<Double> = randomTensor(geometry.output, seed: 2, name: "cotangent")
        let y = try Double.kernels.convolution(x, filter, geometry)
        let pulled = try Double.kernels.convolutionPullback(cotangent, filter, geometry)
        #expect(pulled.shape == x.shape)
        // Sums of at most a few hundred products.
        let size = max(norm(y) * norm(cotangent), norm(x) * norm(pulled))
        #expect(abs(inner(y, cotangent) - inner(x, pulled)) < 1e-13 * size)
    }

    /// Unit vectors leave no room for cancellation: the whole matrix against its transpose.
    @Test func pullbackIsTheTransposedMatrix() throws {
        let g = ConvolutionGeometry(
            input: Shape(1, 2, 3, 4), outputChannels: 2, kernel: 3, stride: 2, padding: 1)
        let filter: Tensor<Double> = randomTensor(g.filter, seed: 3, name: "filter")
        func unit(_ index: Int, _ shape: Shape) -> Tensor<Double> {
            Tensor((0..<shape.count).map { $0 == index ? 1 : 0 }, shape: shape)
        }
        let columns = try (0..<g.input.count).map {
            try Double.kernels.convolution(unit($0, g.input), filter, g).elements
        }
        let rows = try (0..<g.output.count).map {
            try Double.kernels.convolutionPullback(unit($0, g.output), filter, g).elements
        }
        for (i, row) in rows.enumerated() { #expect(row == columns.map { $0[i] }) }
    }
}
