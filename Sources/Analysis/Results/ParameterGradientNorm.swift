import Tensors

/// The gradient of the loss with respect to one parameter tensor.
public struct ParameterGradientNorm: Sendable, Equatable {
    /// Name as exported, such as `units.7.branch.conv1.weight`.
    public var parameter: String
    /// l of the unit it belongs to; `nil` in the stem and the head.
    public var unit: Int?
    /// Elements.
    public var count: Int
    /// log10 ‖∂E/∂θ‖.
    public var gradient: LogNorm
    /// log10 ‖θ‖.
    public var value: LogNorm

    public init(parameter: String, unit: Int?, count: Int, gradient: LogNorm, value: LogNorm) {
        self.parameter = parameter
        self.unit = unit
        self.count = count
        self.gradient = gradient
        self.value = value
    }

    public var gradientLog10: Double? { gradient.value }
    public var valueLog10: Double? { value.value }

    /// log10 of the gradient's norm relative to the parameter's own.
    public var relativeLog10: Double? {
        gradientLog10.flatMap { gradient in valueLog10.map { gradient - $0 } }
    }

    /// Whether it is the weight of a convolution or of a linear layer rather than a vector of channels.
    public var isWeightLayer: Bool { parameter.hasSuffix(".weight") && !parameter.contains(".bn") }

    static func scalars(_ rows: [ParameterGradientNorm]?) -> [NamedScalar] {
        guard let rows else { return [] }
        let layers = rows.filter(\.isWeightLayer).compactMap(\.gradientLog10)
        return [
            NamedScalar("parameter_gradient_log10_min", layers.min()),
            NamedScalar("parameter_gradient_log10_max", layers.max()),
        ]
    }
}
