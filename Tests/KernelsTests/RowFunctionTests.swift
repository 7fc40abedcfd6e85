import Foundation
import Tensors
import Testing

@testable import Kernels

/// Softmax and standardisation of rows in single precision against double precision.
@Suite("Row functions")
struct RowFunctionTests {
    /// Rows shorter than a vector, of whole vectors, and with a part at the end.
    private static let shapes = [[1, 1], [3, 5], [7, 16], [2, 33], [65, 197], [1, 1000], [0, 4]]
    private static let isLogarithmic = [false, true]

    @Test("Softmax, its logarithm and their derivatives", arguments: shapes, isLogarithmic)
    func softmax(axes: [Int], isLogarithmic: Bool) {
        let shape = Shape(axes: axes)
        let (x, v) = (
            Float.kernels.scale(.random(shape, seed: 21), by: 8), Tensor<Float>.random(shape, seed: 22)
        )
        let y = Float.kernels.softmax(ofRows: x, isLogarithmic: isLogarithmic)
        expectClose(
            y, Double.kernels.softmax(ofRows: x.converted(), isLogarithmic: isLogarithmic).elements,
            tolerance: elementTolerance)
        // At the same value.
        let wide = y.converted(to: Double.self)
        expectClose(
            Float.kernels.softmaxPullback(v, ofRows: y, isLogarithmic: isLogarithmic),
            Double.kernels.softmaxPullback(v.converted(), ofRows: wide, isLogarithmic: isLogarithmic)
                .elements,
            tolerance: elementTolerance)
        expectClose(
            Float.kernels.softmaxPushforward(v, ofRows: y, isLogarithmic: isLogarithmic),
            Double.kernels.softmaxPushforward(v.converted(), ofRows: wide, isLogarithmic: isLogarithmic)
                .elements,
            tolerance: elementTolerance)
    }

    @Test("Softmax of what is masked, huge or no number", arguments: isLogarithmic)
    func softmaxAtTheEnds(isLogarithmic: Bool) {
        let rows: [[Float]] = [
            [-.infinity, 0, -.infinity, 1], [1e38, -1e38, 1e38, 0], [-3e38, -3e38, -3e38, -3e38],
            [0, -100, -200, -.infinity], [1e-40, -1e-40, 0, 0],
        ]
        let x = Tensor<Float>(rows.flatMap { $0 }, shape: Shape(axes: [rows.count, 4]))
        let found = Float.kernels.softmax(ofRows: x, isLogarithmic: isLogarithmic).doubles
        let expected = Double.kernels.softmax(ofRows: x.converted(), isLogarithmic: isLogarithmic).doubles
        for (a, b) in zip(found, expected) {
            // Roundings of the element, and nothing below the least subnormal number.
            let isClose = a == b || abs(a - b) <= 1e-6 * abs(b) + Double(Float.leastNonzeroMagnitude)
            #expect(isClose || abs(b) > Double(Float.greatestFiniteMagnitude), "\(a) for \(b)")
        }
        let lost = Tensor<Float>(
            [.nan, 1, 2, -.infinity, -.infinity, -.infinity], shape: Shape(axes: [2, 3]))
        let nothing = Float.kernels.softmax(ofRows: lost, isLogarithmic: isLogarithmic)
        #expect(nothing.elements.allSatisfy { $0.isNaN })
    }

    @Test("Standardised rows and their derivative", arguments: shapes, [false, true])
    func standardize(axes: [Int], subtractsMean: Bool) {
        let shape = Shape(axes: axes)
        for (size, offset) in [(1.0, 0.0), (1, 300), (1e15, 0), (1e-15, 0)] {
            let x = Float.kernels.scale(.random(shape, seed: 23, offset: Float(offset)), by: size)
            let v = Tensor<Float>.random(shape, seed: 24)
            let epsilon = 1e-6 * size * size
            let found = Float.kernels.standardize(rows: x, epsilon: epsilon, subtractsMean: subtractsMean)
            let expected = Double.kernels.standardize(
                rows: x.converted(), epsilon: epsilon, subtractsMean: subtractsMean)
            expectClose(found.value, expected.value.elements, tolerance: elementTolerance)
            expectClose(
                found.inverseDeviation, expected.inverseDeviation.elements, tolerance: elementTolerance)
            // Nothing but rounding is left of the derivative of a row of one element.
            guard shape[1] > 1 else { continue }
            expectClose(
                Float.kernels.standardizeDerivative(
                    v, ofRows: found.value, inverseDeviation: found.inverseDeviation,
                    subtractsMean: subtractsMean),
                Double.kernels.standardizeDerivative(
                    v.converted(), ofRows: found.value.converted(),
                    inverseDeviation: found.inverseDeviation.converted(), subtractsMean: subtractsMean
                ).elements, tolerance: sumTolerance)
        }
    }
}
