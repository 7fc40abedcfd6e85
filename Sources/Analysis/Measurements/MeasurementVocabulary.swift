import NumericalMethods
import ResidualNetworks

/// The words of `--measure`: a list such as `path-lengths:60,fits`.
public enum MeasurementVocabulary {
    /// The words as they are listed for people.
    public static let patterns = [
        "path-lengths[:K]", "cancellation", "parameter-gradients", "fits", "jacobian[:FROM-TO]",
        "correlation", "line-correlation[:POINTS]",
        "signal-propagation", "all",
    ]

    /// The measurements that a list names, each once, in their own order.
    /// - Throws: `VocabularyError`.
    public static func requests(in list: String) throws -> [MeasurementRequest] {
        let words = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let asked = try words.flatMap(requests(for:))
        // A later word replaces an earlier one of its kind: `all,path-lengths:60`.
        return MeasurementRequest.all.compactMap { kind in asked.last { $0.stem == kind.stem } }
    }

    private static func requests(for word: String) throws -> [MeasurementRequest] {
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let (stem, argument) = (parts[0], parts.count > 1 ? parts[1] : nil)
        if stem == "all", argument == nil { return MeasurementRequest.all }
        guard let request = MeasurementRequest.all.first(where: { $0.stem == stem }) else {
            throw unknown(word, stem: stem)
        }
        guard let argument else { return [request] }
        switch request {
        case .pathLengths: return [.pathLengths(upTo: try length(argument, in: word))]
        case .jacobian: return [try jacobian(argument, in: word)]
        case .lineCorrelation: return [.lineCorrelation(points: try points(argument, in: word))]
        default: throw VocabularyError.argument(word: word, requirement: "no argument after “\(stem)”")
        }
    }

    private static func unknown(_ word: String, stem: String) -> VocabularyError {
        let stems = patterns.map { String($0.prefix { $0 != "[" }) }
        let closest = ClosestMatch.find(stem, in: stems).flatMap(stems.firstIndex).map { patterns[$0] }
        return .unknown(kind: "measurement", word: word, known: patterns, closest: closest)
    }

    private static func length(_ text: String, in word: String) throws -> Int {
        guard let length = Int(text), (1...greatestLength).contains(length) else {
            throw VocabularyError.argument(
                word: word, requirement: "the greatest length as a whole number from 1 to \(greatestLength)")
        }
        return length
    }

    private static let greatestLength = 100_000

    private static func points(_ text: String, in word: String) throws -> Int {
        guard let points = Int(text), (1...greatestPointCount).contains(points) else {
            throw VocabularyError.argument(
                word: word,
                requirement: "the points on the line as a whole number from 1 to \(greatestPointCount)")
        }
        return points
    }

    /// Nearer than 2⁻³⁰ of the line Float knows no other image.
    private static let greatestPointCount = 30

    private static func jacobian(_ text: String, in word: String) throws -> MeasurementRequest {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count == 2, let from = ends[0], let to = ends[1], 0 <= from, from < to else {
            throw VocabularyError.argument(
                word: word, requirement: "two units l with FROM < TO, as in jacobian:0-54")
        }
        return .jacobian(from: from, to: to)
    }
}

extension MeasurementRequest {
    /// The word without its argument.
    fileprivate var stem: String { String(name.prefix { $0 != ":" }) }
}
