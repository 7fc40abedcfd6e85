import Kernels
import Tensors

/// Statistics of every batch normalisation of a network, by name.
public typealias RunningStatistics = [String: ChannelStatistics]

/// A batch normalisation of a network, with the shape (N, C, H, W) of what it normalises.
public struct NormalizationSite: Sendable, Equatable {
    public let name: String
    public let shape: Shape

    public init(name: String, shape: Shape) {
        self.name = name
        self.shape = shape
    }

    /// Values that a channel's mean and variance are taken over, N·H·W.
    public var valuesPerChannel: Int { shape.batch * shape.area }

    /// - Throws: `NetworkError.singleValueStatistics` where statistics of a batch say nothing.
    public func requireSeveralValues() throws(NetworkError) {
        guard valuesPerChannel > 1 else { throw .singleValueStatistics(name: name) }
    }
}
