import NumericalMethods

/// How a square is cut at random out of an image of any extent, to be trained on.
public enum RandomCrop: Equatable, Sendable {
    /// The paper's for ImageNet: the shorter side is brought to a length drawn from a range, `nil` for 8/7 to 15/7 of
    /// the square's side (256 to 480 pixels for 224), and a square is cut out anywhere.
    case scaleJitter(ClosedRange<Int>?)
    /// A rectangle of 8 % to all of the area and of an aspect ratio of 3:4 to 4:3 (Szegedy et al. 2015).
    case scaleAndAspect
    /// The centre: nothing is random.
    case central

    public static let words = ["scale-jitter", "scale-jitter:MIN-MAX", "scale-and-aspect", "central"]

    /// - Returns: `nil` for a word that names none.
    public init?(word: String) {
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        switch (parts[0], parts.count) {
        case ("scale-and-aspect", 1): self = .scaleAndAspect
        case ("central", 1): self = .central
        case ("scale-jitter", 1): self = .scaleJitter(nil)
        case ("scale-jitter", 2):
            let ends = parts[1].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard ends.count == 2, let least = ends[0], let greatest = ends[1], least >= 1, greatest >= least
            else { return nil }
            self = .scaleJitter(least...greatest)
        default: return nil
        }
    }

    public var word: String {
        switch self {
        case .scaleJitter(let range?): "scale-jitter:\(range.lowerBound)-\(range.upperBound)"
        case .scaleJitter(nil): "scale-jitter"
        case .scaleAndAspect: "scale-and-aspect"
        case .central: "central"
        }
    }

    /// The rule for squares of `side` pixels.
    ///
    /// - Throws: `DataSetError.scalesBelowSide` where a square could be larger than the image that it is cut from.
    public func rule(side: Int) throws(DataSetError) -> any CropRule {
        switch self {
        case .scaleJitter(let range):
            let scales = range ?? CentralCrop.usualShorterSide(for: side)...((side * 15 + 6) / 7)
            guard scales.lowerBound >= side else {
                throw .scalesBelowSide(scales.lowerBound, side: side)
            }
            return ScaleJitter(side: side, scales: scales)
        case .scaleAndAspect: return ScaleAndAspectJitter(side: side)
        case .central: return CentralCrop(side: side)
        }
    }
}

extension RandomCrop: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let word = try container.decode(String.self)
        guard let crop = RandomCrop(word: word) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "“\(word)” names no crop")
        }
        self = crop
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(word)
    }
}
