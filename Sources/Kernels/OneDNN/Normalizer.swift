import CFusedKernels
import Tensors

/// Owner of a normalisation's coefficients as the fused kernels lay them out; read by any number of threads.
final class Normalizer: @unchecked Sendable {
    // Sendable because nothing is written after initialisation.
    let handle: OpaquePointer?

    /// For `normalize` alone.
    init?(_ normalization: Normalization?, _ map: Tensor<Float>) {
        guard let normalization else { return nil }
        normalization.requireChannels(map.shape.channels)
        handle = normalization.withFused { fk_normalizer_create(map.fusedShape, $0) }
    }

    /// For the pull-back that is pending.
    init?(_ pending: LayerCotangent<Float>.Pending?) {
        guard let pending else { return nil }
        let shape = pending.map.fusedShape
        pending.normalization.requireChannels(pending.map.shape.channels)
        precondition(
            pending.scale.count == pending.map.shape.channels && pending.shift.count == pending.scale.count,
            "gradients of \(pending.scale.count) channels for \(pending.map.shape)")
        handle = pending.normalization.withFused { map in
            let handle = fk_normalizer_create(shape, map)
            fk_normalizer_set_derivative(handle, shape, map, pending.scale, pending.shift)
            return handle
        }
    }

    deinit { fk_normalizer_destroy(handle) }
}
