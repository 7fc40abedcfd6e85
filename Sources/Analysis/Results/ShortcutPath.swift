/// What the shortcuts alone deliver at x_0 of the gradient at x_L.
///
/// The words are judged by Δ, the decades that log10 ‖d_l‖ changes by on its way down: the mean change per unit over all
/// units that keep the size of x_l, times L, the number of units. Units that change the size are not part of the mean,
/// because the map that matches sizes changes the norm in a sound network as well: option A drops positions and
/// channels (0.25 decades), and a projection of a pre-activation divides by the standard deviation of x, which grows
/// with depth (0.8 decades in ResNet-1001). Where no unit keeps its size, Δ is the whole change from x_L to x_0.
///
/// Identity shortcuts with f = identity have Δ = 0 at any depth. f = ReLU belongs to the shortcut path, and its losses
/// count.
public enum ShortcutPath: String, Sendable, Equatable, CaseIterable {
    /// −1 ≤ Δ ≤ 1. One decade is also what makes one path carry the gradient rather than both.
    case intact
    /// −6 ≤ Δ < −1.
    case attenuated
    /// Δ < −6: beside the other path the direct term is of the order of rounding in single precision.
    case vanished
    /// d_0 is exactly 0.
    case dead
    /// Δ > 1.
    case exploding

    /// Decades that a sound path may change by.
    static let soundDecades = 1.0
    /// Decades beyond which nothing of use is left, or the norm is out of hand.
    static let graveDecades = 6.0

    /// The word for a direct term that is not 0 at x_0.
    init(decades: Double) {
        self =
            if decades > Self.soundDecades {
                .exploding
            } else if decades >= -Self.soundDecades {
                .intact
            } else {
                decades >= -Self.graveDecades ? .attenuated : .vanished
            }
    }
}
