import ResidualNetworks

/// What a configuration builds, and how it differs from named conventions.
public struct ConformanceReport: Sendable {
    /// One choice made differently.
    public struct Difference: Sendable, Equatable {
        public let aspect: Aspect
        public let here: String
        public let there: String
    }

    /// The configuration beside one convention.
    public struct Comparison: Sendable {
        public let convention: Convention
        public let differences: [Difference]
        /// Of the convention's network of the same depth, block and unit; `nil` where it offers none.
        public let parameters: Int?
    }

    public let configuration: Configuration
    public let listing: LayerListing
    public let choices: Choices
    public let comparisons: [Comparison]
    public let published: [PublishedCount]

    /// - Throws: `ConformanceError`, or the network's error where it cannot be built.
    public init(_ design: NetworkDesign, conventions: [Convention] = Convention.published) throws {
        configuration = Configuration(design)
        let listing = try LayerListing(design)
        let choices = ObservedChoices(design, listing).choices
        self.listing = listing
        self.choices = choices
        comparisons = try conventions.map { convention in
            let theirs = convention.choices(for: design)
            let differences = Aspect.allCases.compactMap { aspect -> Difference? in
                guard let here = choices[aspect], let there = theirs[aspect], here != there else {
                    return nil
                }
                return Difference(aspect: aspect, here: here, there: there)
            }
            return Comparison(
                convention: convention, differences: differences,
                parameters: try convention.parameterCount(of: design))
        }
        published = try PublishedCount.all(of: design.architecture, under: conventions)
    }
}
