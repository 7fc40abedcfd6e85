import NumericalMethods

/// Which images the batch of an iteration is made of: every epoch is a permutation of the set, and batches follow
/// each other through the epochs without a gap, so that none is shorter.
///
/// A function of seed and iteration alone: a run that goes on from a checkpoint needs no state to see the same.
public struct EpochOrder: Equatable, Sendable {
    public let count: Int
    public let batch: Int
    public let seed: UInt64

    public init(count: Int, batch: Int, seed: UInt64) {
        precondition(count >= 1 && batch >= 1, "batches of \(batch) of \(count) images")
        self.count = count
        self.batch = batch
        self.seed = seed
    }

    /// Of an iteration, counted from 0.
    public func indices(at iteration: Int) -> [Int] {
        var indices: [Int] = []
        indices.reserveCapacity(batch)
        var position = iteration * batch
        while indices.count < batch {
            let (epoch, start) = position.quotientAndRemainder(dividingBy: count)
            var stream = RandomStream(seed: seed, name: "data.epoch.\(epoch)")
            let order = stream.permutation(of: count)
            let part = order[start..<min(count, start + batch - indices.count)]
            indices.append(contentsOf: part)
            position += part.count
        }
        return indices
    }
}
