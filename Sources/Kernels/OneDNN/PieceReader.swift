import CFusedKernels
import Tensors

/// How convolutions read the pieces of a map: as they are, or normalised in scratch memory.
struct PieceReader: Sendable {
    /// Of a piece, as C takes it.
    let shape: fk_shape
    /// Stored elements of a piece.
    let count: Int

    /// - Parameter map: the shape of the whole batch's map.
    init(of map: Shape, block: Int, in pieces: BatchPieces) {
        shape = fk_shape(map.with(batch: pieces.size), block: block)
        count = pieces.size * map.channels.rounded(upToMultipleOf: block) * map.area
    }

    /// A piece, normalised where there is a normalisation.
    func normalized(
        _ piece: UnsafePointer<Float>, by normalizer: Normalizer?, _ scratch: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float> {
        guard let normalizer else { return piece }
        fk_normalize_piece(normalizer.handle, shape, piece, scratch)
        return UnsafePointer(scratch)
    }

    /// A piece of a cotangent, pulled back through a normalisation of `map`.
    func pulledBack(
        _ piece: UnsafePointer<Float>, through normalizer: Normalizer, of map: UnsafePointer<Float>,
        _ scratch: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float> {
        fk_normalize_pullback_of_piece(normalizer.handle, shape, piece, map, nil, 0, scratch)
        return UnsafePointer(scratch)
    }
}
