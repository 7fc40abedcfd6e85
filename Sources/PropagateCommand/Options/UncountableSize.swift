import ResidualNetworks

/// A batch of maps whose values are more than whole numbers count, each of the numbers that it follows from being possible.
struct UncountableSize: Error, Equatable, CustomStringConvertible {
    let batch: Int
    let side: Int
    let channels: Int

    var description: String {
        "A batch of \(batch) maps of \(channels) channels and \(side) × \(side) has more values than can be counted: lower "
            + "--batch, --width or --image-size."
    }
}

extension NetworkDesign {
    /// Sums over the maps of a unit, in bytes, are still counted.
    private static var mostValues: Double { 9e15 }

    /// - Throws: `UncountableSize`.
    func requireCountable(batch: Int) throws {
        let widest = architecture.stages.map(\.widths).max() ?? 1
        let channels = Double(widest) * Double(baseWidth) * Double(block.expansion)
        let values = Double(batch) * channels * Double(input.height) * Double(input.width)
        guard values <= Self.mostValues else {
            throw UncountableSize(batch: batch, side: input.height, channels: Int(channels))
        }
    }
}
