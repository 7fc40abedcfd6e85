import Tensors

/// What stands behind a value, or behind its absence.
public enum MeasurementStatus: String, Sendable, Equatable, CaseIterable {
    case measured
    /// Exactly 0: there is no logarithm.
    case zero
    /// An element is infinite or NaN.
    case notFinite = "not finite"
    /// The recursion or the forward pass did not get there, or nobody asked.
    case notMeasured = "not measured"
}

extension LogNorm {
    public var status: MeasurementStatus {
        switch self {
        case .log10: .measured
        case .zero: .zero
        case .notFinite: .notFinite
        case .notMeasured: .notMeasured
        }
    }
}
