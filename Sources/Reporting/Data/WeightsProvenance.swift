/// Where the weights of a network are from that were not drawn for its measurement.
public struct WeightsProvenance: Sendable, Equatable {
    /// The file, or the folder of a checkpoint.
    public var path: String
    /// Iterations of training; `nil` where the weights do not say.
    public var iteration: Int?

    public init(path: String, iteration: Int? = nil) {
        self.path = path
        self.iteration = iteration
    }

    /// What it makes of a network: “trained for 12,000 iterations”, “with weights of a file”.
    var clause: String {
        iteration.map { "trained for \(Quantity.counted($0, "iteration"))" } ?? "with weights of a file"
    }
}
