import ResidualNetworks

/// Where predictions are known to miss what sound networks do (MEASURED.md has the figures): a departure there says
/// something of the theory, not of the network.
enum KnownMiss {
    /// What the theory leaves out for a design, as the part of a sentence; `nil` where it holds.
    ///
    /// - Parameters:
    ///   - rules: of its units.
    ///   - scarcest: the batch normalisation with the fewest values a channel.
    static func reason(
        for design: NetworkDesign, rules: UnitRules, scarcest: NormalizationSite?
    ) -> String? {
        if let scarcest, scarcest.valuesPerChannel < fewValues {
            return "theory takes batch statistics over many values, and \(scarcest.name) has "
                + "\(scarcest.valuesPerChannel) a channel"
        }
        let shortcuts = rules.rules.map(\.factors)
        for shortcut in shortcuts { if let miss = shortcut?.knownMiss { return miss } }
        if !design.architecture.isOfVectors, lastSide(of: design) == 1 {
            return "theory takes batch statistics over many positions, and the last stage has one"
        }
        if rules.hasSmoothFunctionAfter {
            return
                "theory leaves out how few elements of the direct term get past f = \(design.afterAddition.name)"
        }
        if rules.rules.contains(where: \.isElementwise) {
            return
                "theory takes the means by which channels differ behind a shortcut that is no factor for those of "
                + "Gaussian elements"
        }
        // f may be another than the layout's.
        let isOfLayout = design.after == nil
        switch design.layout.name {
        case UnitLayout.normalizationAfterAddition.name
        where isOfLayout || rules.order == [.normalization, .activation]:
            return "theory leaves out how BN on the shortcut feeds unequal lengths of feature vectors back"
        case UnitLayout.rectifierBeforeAddition.name:
            return "theory leaves out that non-negative branches add coherently in one sample"
        case UnitLayout.original.name
        where rules.rectifies && !shortcuts.allSatisfy { $0?.isIdentity == true }:
            return "theory leaves out how few elements of the direct term get past the rectifiers"
        default: return nil
        }
    }

    /// With fewer values a channel sound fully connected stacks of 20 layers depart: three seeds of three with 3 to 6, one
    /// with 8, none with 12, 16 and 24.
    private static let fewValues = 12

    /// H of x_L.
    private static func lastSide(of design: NetworkDesign) -> Int {
        design.architecture.stages.reduce(design.stemOutput.height) { ($0 + $1.stride - 1) / $1.stride }
    }
}
