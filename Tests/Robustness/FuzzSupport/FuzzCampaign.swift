import Foundation
import NumericalMethods
import Synchronization

/// Many foreign inputs for one reader, each following from a seed and its number alone.
///
/// A reader may accept an input or refuse it with an error of its own; it must not end the process, hang, or contradict
/// itself. The input in hand lies in a file all the while (`InputInHand`), so that it can be looked at after a crash.
///
/// How many inputs there are depends on `PROPAGATE_FUZZ`: `short` (the default) for a suite that is run at every change,
/// `long` for a night. `PROPAGATE_FUZZ_SEED` starts from other inputs.
public struct FuzzCampaign: Sendable {
    /// What one input costs the reader.
    public enum Cost: Sendable {
        /// Microseconds: readers of bytes in memory.
        case cheap
        /// Tenths of a millisecond: parsers of whole sentences and documents, counted with the cheap ones in a long form.
        case moderate
        /// Up to milliseconds: decoders, readers of files.
        case dear
        /// Tens of milliseconds without optimisation: whole command lines.
        case slow

        fileprivate func count(isLong: Bool) -> Int {
            switch self {
            case .cheap: isLong ? 1_000_000 : 10_000
            case .moderate: isLong ? 1_000_000 : 1_000
            case .dear: isLong ? 100_000 : 1_000
            case .slow: isLong ? 10_000 : 100
            }
        }
    }

    /// How inputs were received.
    public struct Tally: Sendable, CustomStringConvertible {
        public let reader: String
        public let seed: UInt64
        public internal(set) var accepted = 0
        public internal(set) var refused = 0
        public internal(set) var seconds = 0.0

        public var inputs: Int { accepted + refused }

        public var description: String {
            "\(reader): \(inputs) inputs from seed \(seed), \(accepted) accepted, \(refused) refused, "
                + String(format: "%.1f s", seconds)
        }
    }

    /// An error that a reader let through and that is none of its own.
    public struct UnexpectedError: Error, CustomStringConvertible {
        public let reader: String
        public let seed: UInt64
        public let index: Int
        public let error: any Error
        /// The file that the input is kept in.
        public let path: String

        public var description: String {
            "\(reader): input \(index) from seed \(seed), which is in \(path), is not refused "
                + "with an error of the reader's own: \(type(of: error)): \(error)"
        }
    }

    public let reader: String
    public let seed: UInt64
    public let count: Int

    public init(_ reader: String, _ cost: Cost) {
        let environment = ProcessInfo.processInfo.environment
        self.reader = reader
        seed = environment["PROPAGATE_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
        count = cost.count(isLong: environment["PROPAGATE_FUZZ"] == "long")
    }

    /// Feeds the reader with mutations of a corpus of good inputs.
    ///
    /// - Parameters:
    ///   - dictionary: what the format is made of: words that random bytes would hardly ever hit.
    ///   - repair: makes a mutated input pass what would refuse nearly all of them, such as a checksum.
    ///   - refusals: the reader's own errors, by which it refuses an input.
    ///   - read: throws where the reader refuses the input; checks of its own are made with `#expect`.
    /// - Returns: the tally, which is printed too.
    /// - Throws: the first error that is no refusal; the input is kept.
    @discardableResult
    public func run(
        corpus: [[UInt8]], dictionary: [[UInt8]] = [], repair: ([UInt8]) -> [UInt8] = { $0 },
        refusals: [any Error.Type], _ read: ([UInt8]) throws -> Void
    ) throws(UnexpectedError) -> Tally {
        let mutation = Mutation(dictionary: dictionary, corpus: corpus)
        return try run(
            corpus: corpus, describe: { $0 }, make: { repair(mutation.mutated($0, &$1)) },
            refusals: refusals, read: read)
    }

    /// Feeds the reader with whatever `make` draws, such as words of a grammar or a database's other columns.
    ///
    /// - Parameter describe: what is kept of the input in hand.
    @discardableResult
    public func run<Base, Input>(
        corpus: [Base], describe: (Input) -> [UInt8], make: (Base, inout RandomStream) -> Input,
        refusals: [any Error.Type], read: (Input) throws -> Void
    ) throws(UnexpectedError) -> Tally {
        var tally = Tally(reader: reader, seed: seed)
        let inHand = InputInHand(reader: reader)
        let watch = Watchdog(reader: reader, seed: seed)
        defer { watch.end() }
        let start = Date()
        for index in 0..<count {
            var stream = RandomStream(seed: seed, name: "fuzz.\(reader).\(index)")
            let input = make(corpus[stream.integer(below: corpus.count)], &stream)
            inHand.keep(describe(input))
            watch.began(index)
            do {
                try read(input)
                tally.accepted += 1
            } catch {
                guard refusals.contains(where: { $0 == type(of: error) }) else {
                    throw UnexpectedError(
                        reader: reader, seed: seed, index: index, error: error,
                        path: InputInHand.path(reader: reader))
                }
                tally.refused += 1
            }
        }
        inHand.remove()
        tally.seconds = Date().timeIntervalSince(start)
        print("fuzz: \(tally)")
        return tally
    }
}

/// Ends the process where one input takes longer than any reader may.
private final class Watchdog: Sendable {
    private static let limit = 60
    private let state = Mutex((index: -1, isOver: false))

    init(reader: String, seed: UInt64) {
        Thread.detachNewThread { [self] in
            var (last, seconds) = (-1, 0)
            while true {
                sleep(1)
                let (index, isOver) = state.withLock { $0 }
                if isOver { return }
                seconds = index == last ? seconds + 1 : 0
                last = index
                guard seconds < Self.limit else {
                    let kept = InputInHand.path(reader: reader)
                    let note = "fuzz: \(reader) hangs at input \(index) from seed \(seed); it is in \(kept)\n"
                    FileHandle.standardError.write(Data(note.utf8))
                    abort()
                }
            }
        }
    }

    func began(_ index: Int) { state.withLock { $0.index = index } }
    func end() { state.withLock { $0.isOver = true } }
}
