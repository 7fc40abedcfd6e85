import Analysis
import ResidualNetworks

/// Functions of one's own in the units that claims are measured on: what a design changes of the paper's.
public struct OwnFunctions: Sendable {
    private let change: @Sendable (inout NetworkDesign) throws -> Void

    /// - Parameter change: puts h, f, the activation and what multiplies branches into a design.
    public init(_ change: @escaping @Sendable (inout NetworkDesign) throws -> Void) { self.change = change }

    /// Claims of the paper that are made here in a general form, with its name.
    public static let generalForms = [
        "eqn4": "eqn7", "eqn5": "eqn8", "vanishing": "shortcut-product", "exploding": "shortcut-product",
    ]

    /// Three stages of convolutional units with these functions.
    ///
    /// - Throws: `NetworkError` where one has no value at a unit.
    func design(unitsPerStage: Int = 4) throws -> NetworkDesign {
        var design = NetworkDesign.images(unitsPerStage: unitsPerStage)
        try change(&design)
        return design
    }

    /// The formulas among them.
    ///
    /// - Throws: what the change throws.
    public var formulas: [DesignFunction] { get throws { try design().functions } }

    /// Which of the paper's statements can be made of these functions, and why the others cannot.
    ///
    /// - Throws: `NetworkError` where one has no value at a unit.
    public func claims() throws -> (applying: [any Claim], omitted: [OmittedClaim]) {
        // Where every operation is built in there is no derivative to be doubted.
        let isOwn = try DerivativeCheck().report(on: design()).operations > 0
        var applying: [any Claim] = isOwn ? [OwnDerivativesClaim(functions: self)] : []
        var omitted: [OmittedClaim] = []
        func omit(_ names: String..., because reason: String) {
            omitted += names.map { OmittedClaim(name: $0, reason: reason) }
        }
        let slopes = try UnitSlopes.of(design())
        let factors = try? slopes.get().factors
        if factors != nil {
            applying.append(OwnForwardSumClaim(functions: self))
        } else {
            omit(
                "eqn4", "eqn7",
                because: "h is not λ_l·x with f the identity, so that x_L is no sum of branches")
        }
        applying.append(OwnBackwardSumClaim(functions: self))
        switch slopes {
        case .success: applying.append(OwnFirstTermClaim(functions: self))
        case .failure(let reason): omit(OwnFirstTermClaim.word, because: reason.text)
        }
        if let factors, !factors.contains(0) {
            applying.append(OwnRateClaim(functions: self))
        } else {
            omit(
                "vanishing", "exploding",
                because: factors == nil ? "there is no λ" : "a λ is 0")
        }
        // Made in a form of their own above, where they can be.
        let known = Set(
            applying.map(\.name) + omitted.map(\.name) + ["eqn4", "eqn5", "vanishing", "exploding"])
        let others = ClaimCatalogue.paper.map(\.name).filter { !known.contains($0) }
        omitted += others.map { OmittedClaim(name: $0, reason: "it is made of a network of the paper's own") }
        return (applying, omitted)
    }
}

/// A claim that cannot be made of one's own functions.
public struct OmittedClaim: Sendable, Equatable {
    public let name: String
    /// A clause.
    public let reason: String
}
