import Graphs

/// A shortcut of Fig. 2 whose number changes from unit to unit: λ_l, p_l, a gate's b_l.
public struct ScheduledShortcut: ShortcutDesign {
    /// How the word for it begins, such as `scale`.
    public let word: String
    public let schedule: DepthSchedule
    private let make:
        @Sendable (_ schedule: DepthSchedule, _ position: UnitPosition) throws -> any ShortcutDesign

    init(
        word: String, _ schedule: DepthSchedule,
        make: @escaping @Sendable (DepthSchedule, UnitPosition) throws -> any ShortcutDesign
    ) {
        self.word = word
        self.schedule = schedule
        self.make = make
    }

    public var name: String { "\(word): \(schedule)" }

    public func resolved(at position: UnitPosition) throws -> any ShortcutDesign {
        try make(schedule, position)
    }

    /// - Throws: `NetworkError.impossibleFormula` where the schedule has no value at a unit.
    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        try resolved(at: place.position).paths(at: place, branch: branch, in: &network)
    }
}
