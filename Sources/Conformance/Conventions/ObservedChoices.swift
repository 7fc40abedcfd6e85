import ResidualNetworks

/// The choices of a configuration, read off the layers that it gives.
struct ObservedChoices {
    private let design: NetworkDesign
    private let listing: LayerListing

    init(_ design: NetworkDesign, _ listing: LayerListing) {
        self.design = design
        self.listing = listing
    }

    var choices: Choices {
        var choices: Choices = [
            .architecture: design.architecture.name, .width: String(design.baseWidth),
            .block: design.block.name, .unit: design.layout.name, .shortcut: design.shortcut.name,
            .functions: design.functions.isEmpty
                ? Wording.nothing : design.functions.map { $0.equations[0] }.joined(separator: "; "),
            .lastActivation: Self.words(listing.head.prefix(while: \.isActivation)),
            // As `HeInitialization` draws them unless it is told otherwise: a design says nothing of values.
            .weights: Wording.fanOut, .classifier: Wording.normalClassifier,
        ]
        choices[.stride] = stride
        choices[.firstUnit] = firstUnit
        if let transition {
            choices[.sizeChange] = transition.word
            choices[.sizeChangeInput] = transition.input
            choices[.projectionNormalization] = transition.normalization
        }
        return choices
    }

    /// The weight layer that a branch which halves the size does it with.
    private var stride: String? {
        let branches = listing.units.lazy.map { unit in
            unit.filter { $0.part == .branch && $0.kind == .convolution }
        }
        return branches.compactMap { weights in
            weights.firstIndex { $0.stride > 1 }.map { index in
                Wording.stride(kernel: weights[index].kernel ?? 0, isFirst: index == 0)
            }
        }.first
    }

    /// The last shortcut that changes size or width, if there is one that passes anything on.
    private var transition: Transition? {
        guard design.shortcut.matchesSize else { return nil }
        return listing.units.reversed().lazy.compactMap { Transition($0.filter(\.isOnShortcut)) }.first
    }

    /// In pre-activation networks x_0 is activated once, for both paths.
    private var firstUnit: String? {
        guard design.layout.isPreactivation, let unit = listing.units.first else { return nil }
        let first = unit.first(where: \.isOnBranch)
        return first?.isActivation == true ? Wording.activated : Wording.activatedStem
    }

    /// Such as “BN ReLU”.
    private static func words(_ layers: some Collection<LayerRecord>) -> String {
        layers.isEmpty ? Wording.nothing : layers.map(\.kind.word).joined(separator: " ")
    }
}

/// A shortcut between different sizes or widths.
private struct Transition {
    let word: String
    /// What it reads.
    let input: String
    /// What follows a projection; `nil` where there is none.
    let normalization: String?

    /// `nil` where the layers of a shortcut change nothing; gates do not, whatever their convolution.
    init?(_ layers: [LayerRecord]) {
        let changing = layers.firstIndex {
            $0.input != $0.output && (!$0.isWeightLayer || $0.localName == "shortcut.conv")
        }
        guard let changing else { return nil }
        let isProjection = layers[changing].isWeightLayer
        word = isProjection ? Wording.projection : Wording.subsampling
        input = layers[..<changing].contains(where: \.isActivation) ? Wording.activated : Wording.plain
        let follower = layers[changing...].dropFirst().first
        normalization =
            isProjection
            ? (follower?.kind == .normalization ? Wording.normalization : Wording.nothing) : nil
    }
}
