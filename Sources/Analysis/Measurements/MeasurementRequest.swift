/// A measurement that an analysis can be asked for, beyond its two sweeps.
public enum MeasurementRequest: Sendable, Equatable {
    /// The gradient by the number of branches that it passed through, up to a number.
    case pathLengths(upTo: Int)
    /// Per sample, whether the two terms of Eqn. 5 cancel.
    case cancellation
    /// Norm of the loss gradient of every parameter.
    case parameterGradients
    /// Exponential and power law of the norms against depth.
    case fits
    /// Singular values of ∂x_to/∂x_from; by default of ∂x_L/∂x_0.
    case jacobian(from: Int?, to: Int?)
    /// Cosine of the gradients of different samples.
    case correlation
    /// Cosine of a logit's gradient along lines between images, at so many points beside the first.
    case lineCorrelation(points: Int)
    /// The statistics of Brock, De and Smith (2021).
    case signalPropagation

    /// Longest path followed where no number is given: nearly all of a ResNet-1001's gradient at initialisation.
    public static let defaultGreatestLength = 40

    /// Points where no number is given: from 1/1024 of the line to its end.
    public static let defaultPointCount = 11

    /// The word for it on the command line, with its argument.
    public var name: String {
        switch self {
        case .pathLengths(let greatest): "path-lengths:\(greatest)"
        case .cancellation: "cancellation"
        case .parameterGradients: "parameter-gradients"
        case .fits: "fits"
        case .jacobian(nil, nil): "jacobian"
        case .jacobian(let from, let to):
            "jacobian:\(from.map(String.init) ?? "")-\(to.map(String.init) ?? "")"
        case .correlation: "correlation"
        case .lineCorrelation(let points): "line-correlation:\(points)"
        case .signalPropagation: "signal-propagation"
        }
    }

    /// All of them, with their default arguments.
    public static let all: [MeasurementRequest] = [
        .pathLengths(upTo: defaultGreatestLength), .cancellation, .parameterGradients, .fits,
        .jacobian(from: nil, to: nil), .correlation,
        .lineCorrelation(points: defaultPointCount), .signalPropagation,
    ]

    /// Tensors of the largest x_l's size that it holds while it runs on a network of so many units.
    func workingTensors(units: Int) -> Double {
        switch self {
        // The lengths and what is above them, by the shortcut and within the branch, and the sum that is checked.
        case .pathLengths(let greatest): 2 * Double(min(greatest, units)) + 6
        // The vectors of both bases, and two to work on.
        case .jacobian: Double(2 * JacobianMeasurement.steps + 4)
        // Their own sweeps are over before the run's begin.
        case .parameterGradients, .lineCorrelation: 0
        case .cancellation, .fits, .correlation, .signalPropagation: 0
        }
    }
}
