import Synchronization

/// A tensor that may be let go of and made again: strong while it is kept, weak afterwards.
public final class TensorReference<Scalar: TensorScalar>: Sendable {
    private struct State: ~Copyable {
        var kept: Tensor<Scalar>?
        weak var storage: TensorStorage<Scalar>?
    }

    public let shape: Shape
    public let block: Int
    private let state: Mutex<State>

    public init(_ tensor: Tensor<Scalar>) {
        shape = tensor.shape
        block = tensor.block
        state = Mutex(State(kept: tensor, storage: tensor.storage))
    }

    /// The tensor, if it is kept here or alive elsewhere.
    public var tensor: Tensor<Scalar>? {
        state.withLock { state in
            state.kept ?? state.storage.map { Tensor(sharing: $0, shape: shape, block: block) }
        }
    }

    /// Lets go of the tensor; it stays reachable here only while someone else holds it.
    public func release() { state.withLock { $0.kept = nil } }

    /// Points at a tensor made again, which the caller holds.
    public func point(at tensor: Tensor<Scalar>) { state.withLock { $0.storage = tensor.storage } }
}
