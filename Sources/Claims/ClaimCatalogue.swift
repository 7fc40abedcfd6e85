import Kernels
import NumericalMethods

/// The claims of the paper, in its order.
public enum ClaimCatalogue {
    public static let paper: [any Claim] = [
        ForwardSumClaim(), BackwardSumClaim(), CancellationClaim(), SmallWeightsClaim(),
        ScaledForwardSumClaim(), ScaledBackwardSumClaim(), VanishingClaim(), ExplodingClaim(), GateClaim(),
        DropoutClaim(), NormalizationAfterAdditionClaim(), MonotoneSignalClaim(), MovedStateClaim(),
        AsymmetricUnitClaim(), LinearCostClaim(),
    ]

    /// The claims of these names, in the paper's order; all where there are none.
    ///
    /// - Throws: `ClaimError.unknown`.
    public static func named(_ words: [String], among claims: [any Claim] = paper) throws -> [any Claim] {
        let known = claims.map(\.name)
        for word in words where !known.contains(word) {
            throw ClaimError.unknown(
                word: word, known: known, closest: ClosestMatch.find(word, in: known))
        }
        return words.isEmpty ? claims : claims.filter { words.contains($0.name) }
    }
}
