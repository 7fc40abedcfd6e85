/// One merge of a unit with what its operands are: the unit's only one, or one of k where the state is k tensors.
public struct UnitStream: Sendable, Hashable {
    public let merge: Merge
    public let roles: UnitRoles

    /// - Parameter roles: with places among the merge's leaves.
    public init(merge: Merge, roles: UnitRoles) {
        self.merge = merge
        self.roles = roles
    }

    /// y_l, or one tensor of it.
    public var result: Graph.ValueID { merge.result }
    /// The edges by which F enters.
    public var branchLeaves: [Merge.Leaf] { roles.branch.map { merge.leaves[$0] } }
    /// The edges by which h enters.
    public var shortcutLeaves: [Merge.Leaf] { roles.shortcut.map { merge.leaves[$0] } }
}
