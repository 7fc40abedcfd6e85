import Analysis
import Foundation
import Kernels
import Operators
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Oracles of the gradient along a line: a linear network, and one ReLU whose open gates are read off the images.
@Suite("Gradient correlation along a line")
struct LineCorrelationTests {
    @Test("The gradient of a linear network is the same everywhere")
    func linear() throws {
        let stack = LinearStack(features: 3, lambdas: [0.5, 2], branches: [0.25, -0.5])
        let correlation = try #require(
            try stack.run([.lineCorrelation(points: 5)]).lineCorrelation)
        #expect(correlation.lines == 3 && correlation.distances == [0.0625, 0.125, 0.25, 0.5, 1])
        #expect(correlation.rows.map(\.unit) == [0, 1, 2])
        for row in correlation.rows {
            // A cosine is a dot over two roots: three roundings.
            for cosine in row.cosines { #expect(abs(try #require(cosine) - 1) < 4 * Double.ulpOfOne) }
            #expect(correlation.correlationLength(row) == nil)
        }
    }

    /// x + relu(x) has the derivative 1 + [x > 0]: the cosine at x_0 follows from the images' signs and the row of the
    /// classifier. A batch of two takes one point at a time, one of six all four at once.
    @Test("One ReLU, by hand", arguments: [2, 3, 6])
    func oneReLU(batch: Int) throws {
        var stack = LinearStack(
            features: 8,
            units: [
                OwnUnit(branch: { try $1.apply(Relu(), to: $0) }, factor: .exact(1))
            ])
        stack.batch = batch
        let analysis = try stack.analysis([.lineCorrelation(points: 4)])
        var ticks = 0
        let correlation = try #require(try analysis.run { ticks += 1 }.measurements?.lineCorrelation)
        #expect(ticks == analysis.progressTotal)
        let subject = try #require(analysis.subject as? NetworkSubject<Double>)
        let images = subject.batch.input.elements
        let weight = try #require(subject.parameters.first { $0.name == "head.fc.weight" }).tensor.elements
        func gradient(line: Int, t: Double) -> [Double] {
            (0..<8).map { feature in
                let (a, b) = (images[16 * line + feature], images[16 * line + 8 + feature])
                let row = subject.batch.labels[2 * line] * 8
                return weight[row + feature] * (a + t * (b - a) > 0 ? 2 : 1)
            }
        }
        for (t, cosine) in zip(correlation.distances, try #require(correlation.rows.first).cosines) {
            let cosines = (0..<(batch / 2)).map { line in
                cosineOf(gradient(line: line, t: 0), gradient(line: line, t: t))
            }
            let expected = cosines.reduce(0, +) / Double(cosines.count)
            #expect(abs(try #require(cosine) - expected) < 1e-14, "t = \(t)")
        }
        for cosine in correlation.rows[1].cosines { #expect(abs(try #require(cosine) - 1) < 1e-14) }
    }

    private func cosineOf(_ x: [Double], _ y: [Double]) -> Double {
        func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
        return dot(x, y) / (dot(x, x) * dot(y, y)).squareRoot()
    }

    @Test("The length is where the cosine meets 1/e, by log t between points")
    func lengths() {
        let correlation = LineCorrelation(distances: [0.25, 0.5, 1], lines: 1, rows: [], reportedUnits: [])
        func length(_ cosines: [Double?]) -> Double? {
            correlation.correlationLength(.init(unit: 0, cosines: cosines))
        }
        let e = M_E
        // Half-way in the cosine is half-way in log t.
        #expect(abs((length([0.5, 2 / e - 0.5, 0]) ?? 0) - 0.5.squareRoot() / 2) < 1e-15)
        #expect(length([0.1, 0.9, 0.9]) == 0.25)
        #expect(length([0.9, 0.8, 0.7]) == nil && length([nil, nil, nil]) == nil)
        #expect(length([1, 1, 1 / e]) == 1)
    }
}
