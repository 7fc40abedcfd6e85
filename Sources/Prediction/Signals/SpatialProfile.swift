import Kernels
import Tensors

/// How a mean square is spread over the positions of a square image, relative to its mean.
///
/// Zero padding starves the border. The spread of a stack of convolutions is close to a product of one factor a
/// row and one a column, so one vector of length H, of mean 1, says it for both: at (i, j) it is w_i·w_j.
struct SpatialProfile: Equatable, Sendable {
    /// w, of mean 1.
    private(set) var weights: [Double]

    var side: Int { weights.count }

    init(uniform side: Int) { weights = Array(repeating: 1, count: side) }

    /// Any weights, brought to mean 1; uniform where they vanish.
    init(_ raw: [Double]) {
        let mean = raw.reduce(0, +) / Double(raw.count)
        weights = mean > 0 ? raw.map { $0 / mean } : Array(repeating: 1, count: raw.count)
    }

    /// What pooling leaves of it: the mean of every window's rows, or columns, within the image.
    func averaged(over window: PoolingWindow) -> SpatialProfile {
        let outputs = window.output(for: Shape(1, 1, side, 1)).height
        return SpatialProfile(
            (0..<outputs).map { output in
                let first = output * window.stride - window.padding
                let rows = max(0, first)..<min(side, first + window.kernel)
                return Array(weights[rows]).mean
            })
    }

    /// The mean of two spreads with these shares.
    static func mix(_ a: SpatialProfile, _ share: Double, _ b: SpatialProfile, _ other: Double) -> Self {
        guard other > 0 else { return a }
        guard share > 0 else { return b }
        guard a != b else { return a }
        return SpatialProfile(zip(a.weights, b.weights).map { share * $0 + other * $1 })
    }
}

/// The geometry of a convolution along one axis: which inputs an output reads.
struct AxisWindow: Equatable, Sendable {
    let inputs: Int
    let kernel: Int
    let stride: Int

    var outputs: Int { (inputs + stride - 1) / stride }

    /// The mean over the k taps of what they read, zero outside the image.
    func average(_ values: [Double]) -> [Double] {
        if kernel == 1 && stride == 1 { return values }
        var result = Array(repeating: 0.0, count: outputs)
        forEachTap { output, _, input in result[output] += values[input] / Double(kernel) }
        return result
    }

    /// The transpose of `average`.
    func spread(_ values: [Double]) -> [Double] {
        if kernel == 1 && stride == 1 { return values }
        var result = Array(repeating: 0.0, count: inputs)
        forEachTap { output, _, input in result[input] += values[output] / Double(kernel) }
        return result
    }

    /// For each tap, the mean over all outputs of what it reads.
    func tapMeans(_ values: [Double]) -> [Double] {
        var result = Array(repeating: 0.0, count: kernel)
        forEachTap { _, tap, input in result[tap] += values[input] / Double(outputs) }
        return result
    }

    /// The mean over the taps of value × tap weight.
    func average(_ values: [Double], weightedBy tapWeights: [Double]) -> [Double] {
        var result = Array(repeating: 0.0, count: outputs)
        forEachTap { output, tap, input in
            result[output] += values[input] * tapWeights[tap] / Double(kernel)
        }
        return result
    }

    private func forEachTap(_ body: (_ output: Int, _ tap: Int, _ input: Int) -> Void) {
        for tap in 0..<kernel {
            for output in 0..<outputs {
                let input = output * stride + tap - kernel / 2
                if input >= 0 && input < inputs { body(output, tap, input) }
            }
        }
    }
}

extension Array where Element == Double {
    var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }
}
