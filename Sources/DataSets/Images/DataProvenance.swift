/// What images a report's numbers are of: where they are from, how they were made ready for a network, and what of the
/// source was left out.
public struct DataProvenance: Sendable, Equatable, Codable {
    /// Images that were used together: a batch, or what was trained on and what was tested on.
    public struct Part: Sendable, Equatable, Codable {
        public enum Role: String, Sendable, CaseIterable, Codable {
            case batch, training, test
        }

        public var role: Role
        /// In a batch of each seed, or in all.
        public var images: Int
        /// Images of each class, by label, over all seeds; `nil` where labels were not counted.
        public var imagesByClass: [Int]?

        public init(role: Role, images: Int, imagesByClass: [Int]? = nil) {
            self.role = role
            self.images = images
            self.imagesByClass = imagesByClass
        }
    }

    /// (value − mean) / deviation of each channel.
    public struct Normalization: Sendable, Equatable, Codable {
        /// One a channel.
        public var mean: [Double]
        public var deviation: [Double]
        /// What the values are before, such as `0 to 255`.
        public var values: String
        /// Where the constants are from: measured on which images, or fixed and by whom.
        public var origin: String
        /// Whether they were measured on the source itself.
        public var isMeasured: Bool

        public init(
            mean: [Double], deviation: [Double], values: String, origin: String, isMeasured: Bool
        ) {
            self.mean = mean
            self.deviation = deviation
            self.values = values
            self.origin = origin
            self.isMeasured = isMeasured
        }
    }

    /// As a report names the source.
    public var name: String
    /// Names of the classes; a label is a place in this list. Numbers where the source has no names; empty where several
    /// sources have different ones.
    public var classes: [String]
    public var parts: [Part]
    /// `nil` where values are used as they are.
    public var normalization: Normalization?
    /// What is done about transparent pixels; `nil` where the source has none.
    public var transparency: String?
    /// What is done about images that are stored turned; `nil` where the source says nothing of it.
    public var orientation: String?
    /// Images that were decoded so far and turned upright; `nil` where that is not known.
    public var turned: Int?
    /// Paths of images that could not be decoded and were left out; `nil` where that is not known.
    public var undecodable: [String]?
    /// Paths of images that were decoded so far although their files have bytes that belong to nothing; `nil` where that
    /// is not known.
    public var withStrayBytes: [String]?
    /// Paths of what was passed over among the images: files of other formats, and folders (with “/” behind).
    public var otherFormats: [String]
    /// Classes without an image to be tested on.
    public var untested: [String]

    public init(
        name: String, classes: [String], parts: [Part] = [], normalization: Normalization? = nil,
        transparency: String? = nil, orientation: String? = nil, turned: Int? = 0,
        undecodable: [String]? = [], withStrayBytes: [String]? = [],
        otherFormats: [String] = [], untested: [String] = []
    ) {
        self.name = name
        self.classes = classes
        self.parts = parts
        self.normalization = normalization
        self.transparency = transparency
        self.orientation = orientation
        self.turned = turned
        self.undecodable = undecodable
        self.withStrayBytes = withStrayBytes
        self.otherFormats = otherFormats
        self.untested = untested
    }

    /// The same of images that were taken out of the source together.
    public func of(_ batch: LabelledImages) -> DataProvenance {
        var counts = [Int](repeating: 0, count: max(classes.count, batch.classCount))
        for label in batch.labels { counts[label] += 1 }
        var provenance = self
        provenance.parts = [Part(role: .batch, images: batch.count, imagesByClass: counts)]
        return provenance
    }

    /// Of batches of several seeds, from what was known after each: labels are counted over all.
    public static func over(seeds all: [DataProvenance]) -> DataProvenance? {
        guard var whole = all.last else { return nil }
        for index in whole.parts.indices {
            let counts = all.compactMap {
                $0.parts.indices.contains(index) ? $0.parts[index].imagesByClass : nil
            }
            guard let first = counts.first, counts.allSatisfy({ $0.count == first.count }) else { continue }
            whole.parts[index].imagesByClass = first.indices.map { label in
                counts.reduce(0) { $0 + $1[label] }
            }
        }
        return whole
    }

    /// What several networks' data have in common, and all that was left out of any; `nil` of none.
    public static func shared(by all: [DataProvenance]) -> DataProvenance? {
        guard let shared = all.first else { return nil }
        func common<Value: Equatable>(_ property: KeyPath<DataProvenance, Value>, or other: Value) -> Value {
            all.allSatisfy { $0[keyPath: property] == shared[keyPath: property] }
                ? shared[keyPath: property] : other
        }
        func union(_ property: KeyPath<DataProvenance, [String]>) -> [String] {
            Set(all.flatMap { $0[keyPath: property] }).sorted()
        }
        func knownUnion(_ property: KeyPath<DataProvenance, [String]?>) -> [String]? {
            let known = all.compactMap { $0[keyPath: property] }
            return known.count < all.count ? nil : Set(known.joined()).sorted()
        }
        let names = all.map(\.name)
        let distinct = names.enumerated().filter { !names[..<$0.offset].contains($0.element) }.map(\.element)
        return DataProvenance(
            name: distinct.joined(separator: " and "), classes: common(\.classes, or: []),
            parts: common(\.parts, or: []), normalization: common(\.normalization, or: nil),
            transparency: common(\.transparency, or: nil), orientation: common(\.orientation, or: nil),
            // Batches of one source begin alike.
            turned: all.contains { $0.turned == nil } ? nil : all.compactMap(\.turned).max(),
            undecodable: knownUnion(\.undecodable), withStrayBytes: knownUnion(\.withStrayBytes),
            otherFormats: union(\.otherFormats), untested: union(\.untested))
    }
}

extension DataProvenance.Part {
    /// Classes that no image is of.
    public var missingClasses: [Int] {
        imagesByClass.map { counts in counts.indices.filter { counts[$0] == 0 } } ?? []
    }
}
