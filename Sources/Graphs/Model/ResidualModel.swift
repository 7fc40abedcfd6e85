import Tensors

/// A graph with what is known of its structure: the units of one stack and the rows x_0 … x_L between them, whether a
/// maker of networks states them or they are found in the graph.
///
/// Rows and units give names to values; derivatives are those of the whole graph, and nothing assumes that the units form
/// a chain.
public struct ResidualModel: Sendable {
    public let path: SignalPath
    /// Of one stack, in the order of computation.
    public let units: [Unit]
    /// x_0 … x_L: one more than there are units.
    public let rows: [Row]
    /// Whether the stack lies inside the residual branch of other units.
    ///
    /// The loss is then E′ = ⟨g_e, x_e⟩: x_e the last row, g_e = ∂E/∂x_e from a sweep over the whole graph, held constant.
    /// What bypasses the stack does not count.
    public let isNested: Bool

    /// - Parameter rows: one more than there are units.
    public init(path: SignalPath, units: [Unit], rows: [Row], isNested: Bool = false) {
        precondition(rows.count == units.count + 1, "\(rows.count) rows for \(units.count) units")
        self.path = path
        self.units = units
        self.rows = rows
        self.isNested = isNested
    }

    /// The row that a value is of, by value; of several the first.
    package var rowOfValue: [Graph.ValueID: Int] {
        Dictionary(
            rows.enumerated().flatMap { l, row in row.values.map { ($0, l) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The shapes of a row's values.
    public func shapes(of row: Row) -> [Shape] { row.values.map { path.graph.nodes[$0].shape } }
}

extension ResidualModel {
    /// y_l = h(x_l) + F(x_l), x_{l+1} = f(y_l).
    public struct Unit: Sendable, Hashable {
        /// One, or k where the state is k tensors.
        public let streams: [UnitStream]
        /// For people; it decides nothing.
        public let label: String
        public let kind: UnitRoles.Kind
        /// Whether f_l holds weight layers: a segment without shortcut, whose whole derivative counts for g, d and w alike.
        public let isTransition: Bool
        /// How h enters the shortcut product ∏λ of Eqn. 5.
        public let factor: ShortcutFactor

        public init(
            streams: [UnitStream], label: String, kind: UnitRoles.Kind, isTransition: Bool = false,
            factor: ShortcutFactor = .undefined
        ) {
            self.streams = streams
            self.label = label
            self.kind = kind
            self.isTransition = isTransition
            self.factor = factor
        }

        /// y_l.
        public var results: [Graph.ValueID] { streams.map(\.result) }
        /// The edges by which F enters the merges: where sweeps cut.
        public var branchEdges: [Merge.Leaf] { streams.flatMap(\.branchLeaves) }
    }

    /// x_l.
    public struct Row: Sendable, Hashable {
        /// Several where streams are separate tensors; norms are over all of them.
        public let values: [Graph.ValueID]
        /// Counted from 0. A stage ends where x_l changes its shape and at a transition.
        public let stage: Int

        public init(values: [Graph.ValueID], stage: Int) {
            self.values = values
            self.stage = stage
        }
    }
}

/// A unit's factor in the shortcut product ∏λ of Eqn. 5.
public enum ShortcutFactor: Sendable, Hashable {
    /// h is λ times an identity or size-matching map.
    case exact(Double)
    /// h is λ times one in expectation (dropout, λ = 1 − p).
    case expectation(Double)
    /// h is no scaling.
    case undefined
}
