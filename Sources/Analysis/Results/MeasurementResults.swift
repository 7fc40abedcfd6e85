/// What was measured beyond the sweeps, as far as it was asked for.
public struct MeasurementResults: Sendable, Equatable {
    /// A measurement that was asked for and does not apply to this network.
    public struct Omission: Sendable, Equatable {
        public var name: String
        /// Why, in one sentence.
        public var reason: String

        public init(name: String, reason: String) {
            self.name = name
            self.reason = reason
        }
    }

    /// What was asked for, with the cost that was stated before it ran.
    public var costs: [MeasurementCost]
    public var omissions: [Omission] = []
    public var pathLengths: PathLengthSpectrum?
    public var cancellation: [Cancellation]?
    public var parameterGradients: [ParameterGradientNorm]?
    public var fits: [DepthFit]?
    public var jacobian: JacobianSpectrum?
    public var correlation: [GradientCorrelation]?
    public var lineCorrelation: LineCorrelation?
    public var signalPropagation: [SignalPropagation]?

    public init(costs: [MeasurementCost]) { self.costs = costs }
}

/// One number of a measurement under a name that does not change.
public struct NamedScalar: Sendable, Equatable {
    /// snake_case.
    public var name: String
    public var value: Double?

    public init(_ name: String, _ value: Double?) {
        self.name = name
        self.value = value
    }
}

extension MeasurementResults {
    /// The measurements in single numbers.
    public var scalars: [NamedScalar] {
        (pathLengths?.scalars ?? []) + Cancellation.scalars(cancellation)
            + ParameterGradientNorm.scalars(parameterGradients) + (fits ?? []).flatMap(\.scalars)
            + (jacobian?.scalars ?? []) + GradientCorrelation.scalars(correlation)
            + (lineCorrelation?.scalars ?? [])
            + SignalPropagation.scalars(signalPropagation)
    }
}
