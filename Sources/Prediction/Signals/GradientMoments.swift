import Foundation

/// What a prediction knows of a cotangent: its energy (mean square per element) by group of channels and its
/// spread over positions.
struct GradientMoments: Sendable {
    struct Group: Sendable {
        var channels: Double
        /// Mean square of an element.
        var energy: Double
        /// The mean square given the element's place on the grid of its law (`RectifiedLaw`); `nil` where the
        /// element's past does not matter.
        var conditional: [Double]?

        mutating func scale(by factor: Double) {
            energy *= factor
            conditional = conditional?.map { $0 * factor }
        }
    }

    var groups: [Group]
    var profile: SpatialProfile
    /// True energies are e^`logScale` times those described.
    var logScale = 0.0

    var channels: Double { groups.reduce(0) { $0 + $1.channels } }
    /// Mean over channels.
    var energy: Double {
        if groups.count == 1 { return groups[0].energy }
        return groups.reduce(0) { $0 + $1.channels * $1.energy } / channels
    }
    /// Squared norm for one sample.
    private var total: Double { energy * channels * Double(profile.side * profile.side) }
    /// ln of the squared norm; −∞ for 0.
    var logTotal: Double { log(total) + logScale }

    /// The same energy in every element.
    init(uniform energy: Double, like signal: SignalMoments) {
        groups = signal.groups.map { Group(channels: $0.channels, energy: energy) }
        profile = SpatialProfile(uniform: signal.profile.side)
    }

    init(groups: [Group], profile: SpatialProfile, logScale: Double) {
        self.groups = groups
        self.profile = profile
        self.logScale = logScale
    }

    /// The energy of a cotangent that a map of independent zero-mean weights hands to every input alike.
    func replaced(energy: Double, channels: [Double], profile: SpatialProfile) -> GradientMoments {
        GradientMoments(
            groups: channels.map { Group(channels: $0, energy: energy) }, profile: profile, logScale: logScale
        )
    }

    func scaled(by factor: Double) -> GradientMoments {
        guard factor != 1 else { return self }
        var copy = self
        for index in copy.groups.indices { copy.groups[index].scale(by: factor) }
        return copy
    }

    /// Brings the total to 1, the logarithm beside it.
    mutating func rescale() {
        let size = total
        guard size > 0, size.isFinite else { return }
        for index in groups.indices { groups[index].scale(by: 1 / size) }
        logScale += log(size)
    }

    /// The sum of two cotangents that are uncorrelated: energies add.
    static func + (a: GradientMoments, b: GradientMoments) -> GradientMoments {
        guard b.total > 0 else { return a }
        guard a.total > 0 else { return b }
        let scale = max(a.logScale, b.logScale)
        let (left, right) = (a.scaled(by: exp(a.logScale - scale)), b.scaled(by: exp(b.logScale - scale)))
        let groups = zip(left.groups, right.groups).map { one, other in
            Group(
                channels: one.channels, energy: one.energy + other.energy,
                conditional: sum(one, other))
        }
        return GradientMoments(
            groups: groups, profile: .mix(a.profile, left.total, b.profile, right.total), logScale: scale)
    }

    private static func sum(_ a: Group, _ b: Group) -> [Double]? {
        switch (a.conditional, b.conditional) {
        case (nil, nil): nil
        case (let values?, nil): values.map { $0 + b.energy }
        case (nil, let values?): values.map { $0 + a.energy }
        case (let one?, let other?): zip(one, other).map { $0 + $1 }
        }
    }
}
