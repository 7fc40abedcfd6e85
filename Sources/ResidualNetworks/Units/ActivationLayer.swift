/// The parameter-light layers that stand between weight layers.
public enum ActivationLayer: Sendable, Equatable {
    case normalization
    case activation
}
