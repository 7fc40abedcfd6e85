import Kernels
import ProofSupport
import Tensors
import Testing

/// The reference convolution against its definition, written out.
@Suite("Reference convolution")
struct ReferenceConvolutionTests {
    static let geometries: [ConvolutionGeometry] =
        [
            ConvolutionGeometry(
                input: Shape(2, 3, 5, 7), outputChannels: 4, kernel: 3, stride: 1, padding: 1),
            ConvolutionGeometry(
                input: Shape(1, 2, 7, 5), outputChannels: 5, kernel: 3, stride: 2, padding: 1),
            ConvolutionGeometry(
                input: Shape(3, 2, 6, 4), outputChannels: 3, kernel: 3, stride: 2, padding: 1),
            ConvolutionGeometry(
                input: Shape(2, 4, 5, 3), outputChannels: 2, kernel: 1, stride: 1, padding: 0),
            ConvolutionGeometry(
                input: Shape(1, 4, 5, 3), outputChannels: 2, kernel: 1, stride: 2, padding: 0),
            ConvolutionGeometry(
                input: Shape(2, 1, 9, 8), outputChannels: 3, kernel: 5, stride: 3, padding: 2),
            ConvolutionGeometry(
                input: Shape(1, 2, 4, 4), outputChannels: 1, kernel: 3, stride: 1, padding: 0),
            ConvolutionGeometry(
                input: Shape(2, 2, 1, 6), outputChannels: 2, kernel: 3, stride: 1, padding: 1),
            ConvolutionGeometry(
                input: Shape(2, 3, 12, 9), outputChannels: 4, kernel: 7, stride: 2, padding: 3),
            ConvolutionGeometry(input: Shape(5, 7), outputChannels: 3, kernel: 1, stride: 1, padding: 0),
            ConvolutionGeometry(input: Shape(1, 1), outputChannels: 1, kernel: 1, stride: 1, padding: 0),
            ConvolutionGeometry(input: Shape(3, 2), outputChannels: 4, kernel: 3, stride: 1, padding: 1),
            ConvolutionGeometry(input: Shape(2, 3), outputChannels: 2, kernel: 3, stride: 2, padding: 1),
        ] + GeneralConvolutions.geometries

    /// y(n, o, i, j) = Σ W(o, c, a, b)·x(n, c, i·s + a − p, j·s + b − p), and so over more axes.
    private func definition(
        _ x: Tensor<Double>, _ filter: Tensor<Double>, _ g: ConvolutionGeometry
    ) -> Tensor<Double> {
        Tensor(Plain.convolution(x.elements, filter.elements, g), shape: g.output)
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
        #expect(abs(inner(y, cotangent) - inner(x, pulled)) <= 1e-13 * size)
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
