import Graphs
import Operators

/// What a residual branch is multiplied by, beside what its shortcut does to it: F̂ = β_l·F, dropped with probability p_l.
public struct BranchModulation: Sendable, Equatable {
    /// β_l, without x; learned numbers may be in it: ReZero (Bachlechner et al., 2020) and SkipInit (De and Smith, 2020) are
    /// @a from 0, LayerScale (Touvron et al., 2021) is @a[n].
    public var scale: DepthSchedule?
    /// p_l of stochastic depth (Huang et al., 2016).
    public var dropPath: DepthSchedule?

    public init(scale: DepthSchedule? = nil, dropPath: DepthSchedule? = nil) {
        self.scale = scale
        self.dropPath = dropPath
    }

    public var isNone: Bool { scale == nil && dropPath == nil }

    /// F̂(x_l) from F(x_l).
    ///
    /// - Throws: `NetworkError.impossibleFormula` where β_l or p_l has no value.
    func value(
        of branch: Graph.ValueID, at place: UnitPlace, in network: inout NetworkGraph
    ) throws -> Graph.ValueID {
        let (position, name) = (place.position, place.name + ".branch")
        var branch = branch
        if let scale {
            let factor = scale.formula(at: position)
            let product = UnitFormula(
                .binary(.times, try factor.bound(at: position), .symbol(.x)), initials: factor.initials)
            branch = try network.apply(
                product, to: branch, at: position, owner: place.name, label: name + ".scale"
            ).value
        }
        guard let dropPath else { return branch }
        return try network.droppedPath(
            branch, name: name + ".drop_path.mask", probability: dropPath.dropProbability(at: position))
    }
}
