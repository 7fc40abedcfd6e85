import Foundation
import Training

/// What a snapshot of propagation says of every x_l, as figures and tables show it.
struct PropagationQuantity: Sendable {
    /// Of the figure's file.
    let name: String
    let title: String
    /// In a list of several.
    let shortName: String
    let caption: String
    /// `nil` for a null, and for what is no number.
    let value: @Sendable (PropagationSnapshot.Row) -> Double?

    private init(
        _ name: String, _ title: String, short: String, _ caption: String,
        _ value: @escaping @Sendable (PropagationSnapshot.Row) -> Double?
    ) {
        self.name = name
        self.title = title
        self.caption = caption
        shortName = short
        self.value = { row in value(row).flatMap { $0.isFinite ? $0 : nil } }
    }

    static let total = PropagationQuantity(
        "propagation-total", "log10 ‖∂E/∂x_l‖ while training", short: "total",
        "The whole gradient at x_l on the probe batch.", { $0.gradientLog10 })

    static let direct = PropagationQuantity(
        "propagation-direct", "log10 of the direct term while training", short: "direct",
        "The part of the gradient that the shortcuts alone carry (the first term of Eqn. 5 and 8).",
        { $0.directLog10 })

    static let throughWeights = PropagationQuantity(
        "propagation-through-weights", "log10 of the through-weights term while training",
        short: "through weights", "The part of the gradient that passed through weights; it is 0 at x_L.",
        { $0.throughWeightsLog10 })

    static let forward = PropagationQuantity(
        "propagation-forward", "log10 RMS of x_l while training", short: "forward RMS",
        "The forward signal: root mean square of x_l over all elements.",
        { row in row.forwardRMS.map { log10($0) } })

    /// The gradient and its two parts, whose maps share their colours.
    static let norms = [total, direct, throughWeights]
}

/// Words about snapshots.
enum PropagationWords {
    static func moment(_ iteration: Int) -> String {
        iteration == 0 ? "at initialisation" : "after iteration \(Quantity.grouped(iteration))"
    }
}
