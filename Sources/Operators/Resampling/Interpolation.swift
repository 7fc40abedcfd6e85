import Kernels
import Tensors

/// How the elements along one axis become more, or fewer: each new one is a sum of few old ones with weights.
public struct Interpolation: Sendable {
    public enum Mode: Sendable, Hashable {
        case nearest(Rounding = .roundPreferFloor)
        /// Between two neighbours.
        case linear
        /// Between four (Keys, 1981).
        case cubic(coefficient: Double = -0.75)
    }

    /// Which of two neighbours is the nearest; the names of ONNX.
    public enum Rounding: String, Sendable {
        case roundPreferFloor = "round_prefer_floor"
        case roundPreferCeil = "round_prefer_ceil"
        case floor, ceil
    }

    /// Where among the old elements a new one stands; the names of ONNX.
    public enum Coordinates: String, Sendable {
        /// Elements have an extent, and the ends of both axes are the same.
        case halfPixel = "half_pixel"
        /// Likewise, but with the middles the same, where a scale leaves part of an element.
        case halfPixelSymmetric = "half_pixel_symmetric"
        /// Likewise, but the only new element stands at the first old one.
        case pytorchHalfPixel = "pytorch_half_pixel"
        /// The first and the last elements are the same.
        case alignCorners = "align_corners"
        /// The first elements are the same.
        case asymmetric
    }

    /// One of the old elements for each new one, with its weight.
    struct Tap: Sendable {
        /// `nil` where the weight is 0, so that an infinity there does no harm.
        var places: [Int?]
        var weights: [Double]
    }

    let inputs: Int
    let outputs: Int
    private let mode: Mode
    private let coordinates: Coordinates
    /// Old over new extents, as a fraction that is exact where both are whole.
    private let ratio: (numerator: Double, denominator: Double)

    /// - Returns: `nil` where there are no elements.
    init?(from inputs: Int, to outputs: Int, _ mode: Mode, _ coordinates: Coordinates) {
        guard inputs > 0, outputs > 0 else { return nil }
        (self.inputs, self.outputs, self.mode, self.coordinates) = (inputs, outputs, mode, coordinates)
        ratio = (Double(inputs), Double(outputs))
    }

    /// - Returns: `nil` where there are no elements, or more than can be counted.
    init?(from inputs: Int, scale: Double, _ mode: Mode, _ coordinates: Coordinates) {
        guard let outputs = Int(exactly: (Double(inputs) * scale).rounded(.down)), inputs > 0, outputs > 0
        else { return nil }
        (self.inputs, self.outputs, self.mode, self.coordinates) = (inputs, outputs, mode, coordinates)
        ratio = (1, scale)
    }

    var isIdentity: Bool { inputs == outputs && ratio.numerator == ratio.denominator }

    /// Where a new element stands among the old ones.
    private func coordinate(of output: Int) -> Double {
        func scaled(_ x: Double) -> Double { x * ratio.numerator / ratio.denominator }
        let x = Double(output)
        switch coordinates {
        case .halfPixel: return scaled(x + 0.5) - 0.5
        case .halfPixelSymmetric:
            let exact = Double(inputs) * ratio.denominator / ratio.numerator
            return Double(inputs) / 2 * (1 - Double(outputs) / exact) + scaled(x + 0.5) - 0.5
        case .pytorchHalfPixel: return outputs > 1 ? scaled(x + 0.5) - 0.5 : 0
        case .alignCorners: return outputs > 1 ? x * Double(inputs - 1) / Double(outputs - 1) : 0
        case .asymmetric: return scaled(x)
        }
    }

    var taps: [Tap] {
        let coordinates = (0..<outputs).map(coordinate)
        switch mode {
        case .nearest(let rounding):
            return [
                tap(coordinates) { x in
                    switch rounding {
                    case .roundPreferFloor: ((x - 0.5).rounded(.up), 1)
                    case .roundPreferCeil: ((x + 0.5).rounded(.down), 1)
                    case .floor: (x.rounded(.down), 1)
                    case .ceil: (x.rounded(.up), 1)
                    }
                }
            ]
        case .linear:
            return [0.0, 1].map { offset in
                tap(coordinates) { x in
                    let place = x.rounded(.down) + offset
                    return (place, 1 - abs(x - place))
                }
            }
        case .cubic(let a):
            return [-1.0, 0, 1, 2].map { offset in
                tap(coordinates) { x in
                    let place = x.rounded(.down) + offset
                    return (place, Self.cubic(abs(x - place), a))
                }
            }
        }
    }

    private func tap(
        _ coordinates: [Double], _ choose: (Double) -> (place: Double, weight: Double)
    ) -> Tap {
        let chosen = coordinates.map(choose)
        return Tap(
            places: chosen.map { place, weight in
                // Within the axis it is a whole number.
                weight == 0 ? nil : Int(min(Double(inputs - 1), max(0, place)))
            }, weights: chosen.map(\.weight))
    }

    private static func cubic(_ distance: Double, _ a: Double) -> Double {
        distance <= 1
            ? ((a + 2) * distance - (a + 3)) * distance * distance + 1
            : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a
    }
}

extension Interpolation.Tap {
    /// - Parameter shape: with the old elements.
    func move(along axis: Int, of shape: Shape) -> Move {
        let (outer, inner) = (shape.count(of: ..<axis), shape.count(of: (axis + 1)...))
        return Move(axes: [
            .even(outer, source: shape[axis] * inner, target: places.count * inner),
            Move.Axis(
                source: places.map { $0.map { $0 * inner } }, target: places.indices.map { $0 * inner }),
            .even(inner, source: 1, target: 1),
        ])
    }

    /// - Parameter x: with the new elements.
    func weighted<Scalar: KernelScalar>(_ x: Tensor<Scalar>, along axis: Int) -> Tensor<Scalar> {
        guard weights.contains(where: { $0 != 1 }) else { return x }
        var shape = Shape(axes: x.shape.axes.map { _ in 1 })
        shape[axis] = weights.count
        return Scalar.kernels.broadcast(x, Tensor(rounding: weights, shape: shape), to: x.shape) { $0 * $1 }
    }
}
