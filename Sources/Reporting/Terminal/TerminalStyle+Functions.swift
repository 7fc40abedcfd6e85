import ResidualNetworks

extension TerminalStyle {
    /// Functions that formulas give a network, each with its derivative, as lines.
    ///
    /// - Parameter name: of the network, where there are several.
    func lines(of functions: some Sequence<DesignFunction>, named name: String? = nil) -> [String] {
        functions.flatMap { function in
            TextLayout.flowed(
                (name.map { [$0 + ":"] } ?? []).map(shown) + function.equations.map(shown), gap: "   ",
                width: width - 1)
        }.map { " " + $0 }
    }
}
