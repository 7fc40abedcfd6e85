import Operators
import Tensors

@testable import ONNX

/// How far found numbers are from those of a test.
struct NumberAgreement: CustomStringConvertible {
    /// Over the number's size, or over a hundredth of that of the largest where it is less: a small number may be the
    /// difference of great ones. Infinite where kinds or shapes differ.
    private(set) var distance = 0.0
    private(set) var description = "they agree"

    /// Whole numbers have to be equal.
    init(_ found: Value<Double>, _ expected: FileTensor) throws {
        guard found.shape == expected.shape else {
            fail("the shape is \(found.shape) instead of \(expected.shape)")
            return
        }
        switch (found, try expected.value()) {
        case (.whole(let found), .whole(let expected)):
            let places = found.elements.indices.filter { found.elements[$0] != expected.elements[$0] }
            guard let place = places.first else { return }
            fail("element \(place) is \(found.elements[place]), not \(expected.elements[place])")
        case (.real(let found, _), .real(let expected, _)):
            compare(found.plain.elements, expected.plain.elements)
        default: fail("one is of whole numbers, the other of real ones")
        }
    }

    private mutating func fail(_ words: String) { (distance, description) = (.infinity, words) }

    /// Equal infinities, and two NaNs, do not differ.
    private mutating func compare(_ found: [Double], _ expected: [Double]) {
        let largest = expected.lazy.filter(\.isFinite).map(abs).max() ?? 0
        for (place, (a, b)) in zip(found, expected).enumerated() where a != b && !(a.isNaN && b.isNaN) {
            let difference = abs(a - b) / max(abs(b), largest / 100)
            guard !(difference <= distance) else { continue }
            distance = difference.isNaN ? .infinity : difference
            description = "element \(place) is \(a), not \(b)"
        }
    }
}
