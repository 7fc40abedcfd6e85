import ResidualNetworks

/// Which parameters weight decay pulls towards 0.
public enum DecayScope: String, Sendable, Codable, CaseIterable {
    /// All of them, γ, β and biases included, as the paper does.
    case all
    /// Filters and matrices only.
    case weights

    func includes(_ role: ParameterRole) -> Bool {
        switch (self, role) {
        case (.all, _), (.weights, .weight), (.weights, .classifierWeight): true
        default: false
        }
    }
}
