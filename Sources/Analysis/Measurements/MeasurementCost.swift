import NumericalMethods
import Tensors

/// What a measurement will take, stated before it runs.
public struct MeasurementCost: Sendable, Equatable {
    /// The measurement's word on the command line.
    public var name: String
    /// Time beside that of one plain backward pass of the same network and batch: an upper bound where lengths
    /// of no weight are left out.
    public var backwardPasses: Double
    /// Memory beyond that of the sweeps.
    public var bytes: Int

    public init(name: String, backwardPasses: Double, bytes: Int) {
        self.name = name
        self.backwardPasses = backwardPasses
        self.bytes = bytes
    }
}

/// What a measurement can know of a network before any sweep.
struct MeasurementSubject {
    /// Of x_0 … x_L.
    let rows: [Shape]
    let scalarBytes: Int
    /// Trainable parameters.
    let parameters: Int
    /// Whether there are inputs between those of two samples.
    let hasLines: Bool

    /// L.
    var units: Int { rows.count - 1 }
    var batch: Int { rows.first?.batch ?? 0 }
}

extension MeasurementRequest {
    func cost(of subject: MeasurementSubject) -> MeasurementCost {
        let largest = Double(subject.rows.map(\.count).max() ?? 0)
        return MeasurementCost(
            name: name, backwardPasses: backwardPasses(of: subject),
            bytes: Int(
                saturating: min(
                    workingTensors(units: subject.units) * largest * Double(subject.scalarBytes),
                    Double(Int.max / 2))))
    }

    private func backwardPasses(of subject: MeasurementSubject) -> Double {
        switch self {
        // Each length below the greatest, and what is above, through the branch once.
        case .pathLengths(let greatest): Double(min(greatest, subject.units) + 1)
        // A forward pass, its pull-back, and the filters'.
        case .parameterGradients: 3
        case .jacobian(let from, let to):
            JacobianMeasurement(from: from, to: to).sweeps * Double((to ?? subject.units) - (from ?? 0))
                / Double(max(1, subject.units))
        // Passes over memory, of which a pass through a unit is about twenty.
        case .cancellation: 0.3
        case .correlation:
            0.03 * Double(min(subject.batch, GradientCorrelation.greatestSampleCount) + 1)
        // A forward pass, of about half a backward pass, for the statistics; both for every batch of points.
        case .lineCorrelation(let points):
            0.5 + 1.5
                * Double(
                    LineCorrelationMeasurement(points: points).chunks(batch: subject.batch)
                        * LineCorrelationMeasurement.lines(batch: subject.batch))
        case .signalPropagation: 0.1
        case .fits: 0
        }
    }

    /// Why the measurement cannot be made of this network, if that can be seen beforehand.
    func obstacle(in subject: MeasurementSubject) -> MeasurementObstacle? {
        switch self {
        case .correlation where subject.batch < 2, .lineCorrelation where subject.batch < 2: .oneSample
        case .lineCorrelation where !subject.hasLines: .noLines
        case .fits where subject.units < 3: .tooFewUnits(units: subject.units, needed: 3)
        case .jacobian(_, let to?) where to > subject.units: .noSuchUnit(to, last: subject.units)
        case .pathLengths where subject.units < 1, .jacobian where subject.units < 1:
            .tooFewUnits(units: subject.units, needed: 1)
        case .parameterGradients where subject.parameters == 0: .noParameters
        default: nil
        }
    }
}

/// Why a measurement does not apply to a network.
public enum MeasurementObstacle: Error, Sendable, Equatable, CustomStringConvertible {
    case oneSample
    case tooFewUnits(units: Int, needed: Int)
    case noSuchUnit(Int, last: Int)
    case noParameters
    case noLines
    case forwardPassOverflowed
    case everythingZero
    case derivativeNotFinite

    public var description: String {
        switch self {
        case .oneSample: "The gradients of different samples need a batch of at least two."
        case .tooFewUnits(let units, let needed):
            "It needs at least \(needed) residual \(needed == 1 ? "unit" : "units") and the network has \(units)."
        case .noSuchUnit(let unit, let last):
            "There is no x_\(unit): the last is x_\(last), the input of the head."
        case .noLines:
            "There are no lines between the inputs: that needs one input of real numbers and one label a sample."
        case .noParameters: "The network has no trainable parameters."
        case .forwardPassOverflowed:
            "The forward pass left the range of its numbers, so that there is no gradient to measure."
        case .derivativeNotFinite: "The derivative holds values that are not finite."
        case .everythingZero: "The derivative is exactly 0: there is nothing to measure."
        }
    }
}
