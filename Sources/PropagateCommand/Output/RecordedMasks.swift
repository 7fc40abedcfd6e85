import Kernels
import ResidualNetworks
import Synchronization
import Tensors

/// Draws masks from a seed and remembers which were asked for, so that an export can draw them again one by one
/// instead of holding them all.
final class RecordedMasks: MaskSource {
    struct Request: Sendable {
        let name: String
        let shape: Shape
        let dropProbability: Double
    }

    private let source: SeededMasks
    private let asked = Mutex<[String: Request]>([:])

    init(seed: UInt64) { source = SeededMasks(seed: seed) }

    /// Every mask asked for so far, once, by name.
    var requests: [Request] { asked.withLock { $0.values.sorted { $0.name < $1.name } } }

    func mask<Scalar: KernelScalar>(
        named name: String, shape: Shape, dropProbability p: Double
    ) throws -> Tensor<Scalar> {
        asked.withLock { $0[name] = Request(name: name, shape: shape, dropProbability: p) }
        return try source.mask(named: name, shape: shape, dropProbability: p)
    }
}
