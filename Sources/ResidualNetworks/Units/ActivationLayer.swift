import Kernels

/// The parameter-light layers that stand between weight layers.
public enum ActivationLayer: Sendable, Equatable {
    case normalization
    case rectifier

    /// The maps of a run of such layers; a rectifier right after a normalisation is computed with it.
    static func maps<Scalar: KernelScalar>(
        _ layers: [ActivationLayer], normalization name: String, channels: Int,
        from source: any ParameterSource
    ) throws -> [any DifferentiableMap<Scalar>] {
        var maps: [any DifferentiableMap<Scalar>] = []
        var remaining = layers[...]
        while let layer = remaining.popFirst() {
            guard layer == .normalization else {
                maps.append(Rectifier<Scalar>())
                continue
            }
            let isRectified = remaining.first == .rectifier
            if isRectified { remaining.removeFirst() }
            maps.append(
                try BatchNormalization<Scalar>(
                    name: name, channels: channels, activation: isRectified ? .rectifier : .none, from: source
                ))
        }
        return maps
    }
}
