import Graphs
import Kernels
import ResidualNetworks
import Tensors

/// How a network does on labelled images: loss and errors, gathered batch by batch.
///
/// Where the logits of an image are not all finite there is no class to compare with its label: errors and loss are
/// then not numbers (NaN), rather than those of a network that is wrong.
public struct Evaluation: Sendable, Codable, Equatable {
    /// Images seen.
    public private(set) var count = 0
    /// Images with a logit that is not finite; `nil` in what earlier versions stored.
    private var withoutLogits: Int?
    /// Σ of the images' losses.
    private var totalLoss = 0.0
    private var wrong = 0
    private var outsideTopFive = 0

    public init() {}

    /// Images with a logit that is not finite.
    public var notFinite: Int { withoutLogits ?? 0 }
    /// The mean loss; 0 of no images, NaN where it is not finite for one.
    public var loss: Double { count == 0 ? 0 : share(totalLoss, of: count) }
    /// The share of images whose label is not the likeliest class; NaN where there is no likeliest one.
    public var error: Double { count == 0 ? 0 : share(Double(wrong), of: count) }
    /// The share of images whose label is not among the five likeliest classes; NaN likewise.
    public var topFiveError: Double { count == 0 ? 0 : share(Double(outsideTopFive), of: count) }
    /// The share of wrong images among those whose logits are finite; `nil` where there are none.
    public var errorWhereFinite: Double? {
        notFinite < count ? Double(wrong) / Double(count - notFinite) : nil
    }

    /// Whether it can have come about by `add`: where it was read, it may say anything.
    var isPossible: Bool {
        count >= 0 && (0...count).contains(notFinite) && (0...(count - notFinite)).contains(wrong)
            && (0...wrong).contains(outsideTopFive)
    }

    private func share(_ total: Double, of count: Int) -> Double {
        notFinite > 0 || !total.isFinite ? .nan : total / Double(count)
    }

    /// Takes in logits (N, classes, 1, 1) with their mean loss. A class counts as likelier than the label's where its
    /// logit is larger, or as large and of a lower number.
    public mutating func add<Scalar: KernelScalar>(_ logits: Tensor<Scalar>, labels: [Int], loss: Double) {
        let classes = logits.shape.channels
        let values = logits.elements
        for (sample, label) in labels.enumerated() {
            let row = values[(sample * classes)..<((sample + 1) * classes)]
            guard row.allSatisfy(\.isFinite) else {
                withoutLogits = notFinite + 1
                continue
            }
            let own = row[row.startIndex + label]
            let likelier = row.enumerated().count { other, value in
                other != label && !(value < own || (value == own && other > label))
            }
            wrong += likelier > 0 ? 1 : 0
            outsideTopFive += likelier >= 5 ? 1 : 0
        }
        count += labels.count
        totalLoss += loss * Double(labels.count)
    }
}

extension TrainingState {
    /// The network as inference sees it, with running statistics, on a sequence of batches.
    ///
    /// - Parameter design: of the parameters; the images may be of another size than it was trained on.
    public func evaluate(
        _ design: NetworkDesign, on batches: [TrainingBatch<Scalar>]
    ) throws -> Evaluation {
        try evaluate(design, batches: batches.count) { batches[$0] }
    }

    /// The same on batches that are made one at a time.
    ///
    /// What is left for a last, smaller batch goes through beside zeros, in tensors of the size that is there already: with
    /// running statistics no image depends on another.
    public func evaluate(
        _ design: NetworkDesign, batches: Int, _ batch: (Int) throws -> TrainingBatch<Scalar>
    ) throws -> Evaluation {
        var evaluation = Evaluation()
        var (model, plan, planned) = (NetworkModel?.none, EvaluationPlan?.none, Shape?.none)
        for index in 0..<batches {
            let batch = try batch(index)
            let shape = batch.input.shape
            if planned?.with(batch: 1) != shape.with(batch: 1) || (planned?.batch ?? 0) < shape.batch {
                planned = shape
                var design = design
                design.input = shape.with(batch: 1)
                let made = try design.model(batch: shape.batch, mode: .inference)
                (model, plan) = (made, EvaluationPlan(made.graph.fused(keeping: []), derivativesTo: []))
            }
            guard let model, let plan, let planned else { continue }
            let missing = planned.batch - shape.batch
            let input =
                missing == 0
                ? batch.input : Tensor(samples: [batch.input, Tensor(zeros: shape.with(batch: missing))])
            let arguments = try parameters.arguments(
                for: model, input: input, masks: SeededMasks(seed: 0), statistics: statistics)
            let logits = try GraphEvaluation(plan, arguments).output.samples(0..<shape.batch)
            let loss = try Loss.crossEntropy(Labels(batch.labels)).value(at: logits)
            evaluation.add(logits, labels: batch.labels, loss: loss)
        }
        return evaluation
    }
}
