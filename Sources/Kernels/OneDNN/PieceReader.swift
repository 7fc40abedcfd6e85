import CFusedKernels
import Tensors

/// How the convolutions of a layer read the pieces of a map: the fused ones framed by zeros, the library's as they are
/// stored.
struct PieceReader: Sendable {
    /// `nil` for the library's.
    private let fused: fk_convolution?
    /// Of a piece, as C takes it.
    let shape: fk_shape
    private let blocks: Int64
    /// Stored elements of a piece.
    let count: Int
    /// Elements of a thread's memory for what is not read where it is.
    let scratchCount: Int

    /// - Parameters:
    ///   - map: the shape of the whole batch's map.
    ///   - geometry: of a piece.
    init(of map: Shape, block: Int, in pieces: BatchPieces, by geometry: ConvolutionGeometry) {
        fused = fk_convolution(geometry, block: block)
        shape = fk_shape(map.with(batch: pieces.size), block: block)
        blocks = Int64((map.channels + block - 1) / block)
        count = pieces.size * Int(blocks) * block * map.area
        scratchCount = fused.map { [blocks] in Int(fk_framed_count($0, blocks)) } ?? count
    }

    private var needsFrame: Bool { (fused?.kernel ?? 1) > 1 }

    /// A piece, in scratch memory if need be.
    func plain(
        _ piece: UnsafePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float> {
        guard let fused, needsFrame else { return piece }
        fk_frame(fused, blocks, piece, scratch)
        return UnsafePointer(scratch)
    }

    /// A piece, normalised where there is a normalisation.
    func normalized(
        _ piece: UnsafePointer<Float>, by normalizer: Normalizer?, _ scratch: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float> {
        guard let normalizer else { return plain(piece, scratch) }
        if let fused {
            fk_frame_normalized(normalizer.handle, fused, blocks, piece, scratch)
        } else {
            fk_normalize_piece(normalizer.handle, shape, piece, scratch)
        }
        return UnsafePointer(scratch)
    }

    /// A piece of a cotangent, pulled back through a normalisation of `map`.
    func pulledBack(
        _ piece: UnsafePointer<Float>, through normalizer: Normalizer, of map: UnsafePointer<Float>,
        _ scratch: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float> {
        if let fused {
            fk_frame_normalize_pullback(normalizer.handle, fused, blocks, piece, map, scratch)
        } else {
            fk_normalize_pullback_of_piece(normalizer.handle, shape, piece, map, nil, 0, scratch)
        }
        return UnsafePointer(scratch)
    }
}
