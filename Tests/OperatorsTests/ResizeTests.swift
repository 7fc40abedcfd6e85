import Operators
import Tensors
import Testing

/// The modes of resizing that PyTorch has not.
struct ResizeTests {
    private static func shape(_ axes: Int...) -> Shape { Shape(axes: axes) }

    @Test("What mode of rounding takes which neighbour")
    func nearest() throws {
        // Old places of 8 elements among 4: −¼, ¼, ¾, 1¼ … by half a pixel; 0, ½, 1 … from the first on.
        for (rounding, coordinates, places) in [
            (.roundPreferFloor, .halfPixel, [0, 0, 1, 1, 2, 2, 3, 3]),
            (.floor, .halfPixel, [0, 0, 0, 1, 1, 2, 2, 3]), (.ceil, .halfPixel, [0, 1, 1, 2, 2, 3, 3, 3]),
            (.roundPreferFloor, .asymmetric, [0, 0, 1, 1, 2, 2, 3, 3]),
            (.roundPreferCeil, .asymmetric, [0, 1, 1, 2, 2, 3, 3, 3]),
            (.floor, .asymmetric, [0, 0, 1, 1, 2, 2, 3, 3]), (.ceil, .asymmetric, [0, 1, 1, 2, 2, 3, 3, 3]),
        ] as [(Interpolation.Rounding, Interpolation.Coordinates, [Double])] {
            let x = Value(Tensor<Double>([0, 1, 2, 3], shape: Self.shape(4)))
            let resize = Resize(to: .scales([2]), mode: .nearest(rounding), coordinates: coordinates)
            #expect(try resize.value(of: [x]).value.tensor.elements == places, "\(rounding), \(coordinates)")
        }
    }

    @Test("Where a scale leaves part of an element, the symmetric half pixels have the same middle")
    func symmetric() throws {
        let x = Value(Tensor<Double>([0, 1, 2, 3, 4], shape: Self.shape(5)))
        // 5·0.7 = 3.5 elements, of which three are left.
        func resized(_ coordinates: Interpolation.Coordinates) throws -> [Double] {
            let resize = Resize(to: .scales([0.7]), mode: .linear, coordinates: coordinates)
            return try resize.value(of: [x]).value.tensor.elements
        }
        let (plain, symmetric) = (try resized(.halfPixel), try resized(.halfPixelSymmetric))
        for (index, (a, b)) in zip(plain, symmetric).enumerated() {
            // Both in double precision, of numbers below 5.
            #expect(abs(a - ((Double(index) + 0.5) / 0.7 - 0.5)) < 1e-14)
            #expect(abs(b - (2 + Double(index - 1) / 0.7)) < 1e-14)
        }
        // One element alone: PyTorch's takes the first one.
        for (coordinates, element) in [(.pytorchHalfPixel, 0), (.alignCorners, 0), (.halfPixel, 2)]
            as [(Interpolation.Coordinates, Double)]
        {
            let resize = Resize(to: .extents([1]), mode: .linear, coordinates: coordinates)
            #expect(try resize.value(of: [x]).value.tensor.elements == [element], "\(coordinates)")
        }
    }
}
