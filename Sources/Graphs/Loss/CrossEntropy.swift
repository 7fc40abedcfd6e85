import Kernels
import Tensors

/// Softmax cross-entropy at logits, row by row on all threads: in double precision, with no more memory than a row on each.
struct CrossEntropy<Scalar: KernelScalar> {
    private let labels: [Int]
    private let logits: Tensor<Scalar>
    private let rows: LogitRows
    /// Labels that are not ignored.
    private let count: Int

    /// - Throws: `LossError`.
    init(_ labels: Labels, at logits: Tensor<Scalar>) throws(LossError) {
        rows = try LogitRows(of: logits.shape, labels: labels.shape)
        var count = 0
        for label in labels.elements where label != Labels.ignored {
            guard label >= 0, label < rows.classes else {
                throw .labelOutOfRange(label: label, classes: rows.classes)
            }
            count += 1
        }
        guard count > 0 else { throw .everyLabelIgnored(count: labels.elements.count) }
        self.count = count
        self.labels = labels.elements
        self.logits = logits.reblocked(to: 1)
    }

    /// E.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func loss() -> Double {
        mean(overRows { _, scores in scores.exponentiate() })
    }

    /// E, and (softmax − one-hot)/count in the rows whose label counts, else 0.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func evaluate() -> (loss: Double, cotangent: ScaledTensor<Scalar>) {
        let margin = overRows { _, scores in scores.margin }.max() ?? 0
        let scale = margin.isFinite && margin < Self.leastMargin ? margin : 0
        var cotangent = Tensor<Scalar>(uninitialized: logits.shape)
        if count < labels.count { cotangent = Tensor(zeros: logits.shape) }
        let losses = cotangent.withUnsafeMutableBufferPointer { target in
            overRows { start, scores in
                let loss = scores.exponentiate(shiftedBy: -scale)
                scores.subtractOneHot()
                for index in scores.values.indices {
                    target[start + index * rows.stride] = Scalar(scores.values[index] / Double(count))
                }
                return loss
            }
        }
        return (mean(losses), ScaledTensor(cotangent, naturalLogarithm: scale))
    }

    /// e^this is still well within the range of Float.
    private static var leastMargin: Double { -60 }

    private func mean(_ losses: [Double]) -> Double { losses.reduce(0, +) / Double(count) }

    /// A number of every row whose label counts, in their order. Rows are taken in groups of a few thousand scores.
    @inline(__always)
    private func overRows(_ body: @escaping (_ start: Int, inout ClassScores) -> Double) -> [Double] {
        let group = max(1, 8192 / max(1, rows.classes))
        let numbers = [Double](unsafeUninitializedCapacity: labels.count) { numbers, filled in
            logits.withUnsafeBufferPointer { logits in
                // An exponential takes as long as some dozen multiply-adds.
                forEachIndex(below: (labels.count + group - 1) / group, cost: 24 * logits.count) {
                    [numbers] part in
                    let scratch = UnsafeMutableBufferPointer<Double>.allocate(capacity: rows.classes)
                    defer { scratch.deallocate() }
                    for row in part * group..<min(labels.count, (part + 1) * group) {
                        guard labels[row] != Labels.ignored else {
                            numbers[row] = .nan
                            continue
                        }
                        let start = rows.start(of: row)
                        for index in scratch.indices {
                            scratch[index] = Double(logits[start + index * rows.stride])
                        }
                        var scores = ClassScores(scratch, label: labels[row])
                        numbers[row] = body(start, &scores)
                    }
                }
            }
            filled = labels.count
        }
        guard count < labels.count else { return numbers }
        return zip(numbers, labels).compactMap { $1 == Labels.ignored ? nil : $0 }
    }
}
