import Tensors
import Testing

@testable import Kernels

/// SplitMix64, so that every test draws the same numbers on every machine.
struct TestGenerator: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension Tensor<Float> {
    /// Uniform on [−1, 1] plus `offset`, different in every element.
    static func random(_ shape: Shape, block: Int = 1, seed: UInt64, offset: Float = 0) -> Tensor {
        var generator = TestGenerator(seed)
        let elements = (0..<shape.count).map { _ in Float.random(in: -1...1, using: &generator) + offset }
        return Tensor(elements, shape: shape, block: block)
    }

    var doubles: [Double] { elements.map(Double.init) }

    /// Whether every stored element that belongs to no channel is zero.
    var hasZeroPadding: Bool {
        let stored = Double(storedSum)
        let valid = elements.reduce(0) { $0 + Double(abs($1)) }
        return abs(stored - valid) <= 1e-9 * max(1, valid)
    }

    /// Σ |x| over stored elements, padding included.
    private var storedSum: Double {
        withUnsafeBufferPointer { $0.reduce(0) { $0 + Double(abs($1)) } }
    }
}

/// Checks shape, then every element to `tolerance` relative to the largest magnitude expected; a failure names
/// the worst element.
func expectClose(
    _ actual: Tensor<Float>, _ expected: [Double], tolerance: Double,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let actualElements = actual.doubles
    guard actualElements.count == expected.count else {
        Issue.record("\(actualElements.count) elements for \(expected.count)", sourceLocation: sourceLocation)
        return
    }
    let size = max(expected.lazy.map(abs).max() ?? 0, .leastNormalMagnitude)
    let errors = expected.indices.map { abs(actualElements[$0] - expected[$0]) / size }
    let worst = errors.indices.max { !(errors[$0] > errors[$1]) && errors[$1] > errors[$0] } ?? 0
    let isFinite = errors.allSatisfy(\.isFinite)
    #expect(
        isFinite && (errors.max() ?? 0) <= tolerance,
        "element \(worst): \(actualElements[worst]) for \(expected[worst]), relative error \(errors[worst])",
        sourceLocation: sourceLocation)
    #expect(actual.hasZeroPadding, "padding channels are not zero", sourceLocation: sourceLocation)
}

/// ⟨Jv, u⟩ = ⟨v, Jᵀu⟩ to `tolerance` of the norms' product.
func expectAdjoint(
    _ jv: Tensor<Float>, _ u: Tensor<Float>, _ v: Tensor<Float>, _ jtu: Tensor<Float>, tolerance: Double,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let (left, right) = (Plain.dot(jv.doubles, u.doubles), Plain.dot(v.doubles, jtu.doubles))
    let size = (Plain.dot(jv.doubles, jv.doubles) * Plain.dot(u.doubles, u.doubles)).squareRoot()
    #expect(abs(left - right) <= tolerance * size, "\(left) against \(right)", sourceLocation: sourceLocation)
}

/// A single rounding of Float is 6e−8. A sum of k products of numbers of order 1 in Float is off by about
/// √k roundings of its largest partial sum; the tests' k is below 2000, so 1e−5 leaves room for all of them.
let sumTolerance = 1e-5
/// A few roundings of an element.
let elementTolerance = 1e-6
