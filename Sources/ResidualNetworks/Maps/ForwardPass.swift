import Kernels
import NumericalMethods
import Tensors

/// Statistics of every batch normalisation of a network, by name.
public typealias RunningStatistics = [String: ChannelStatistics]

/// What one forward pass of a network is given besides its input, and what it leaves behind.
///
/// The network is a value: running statistics, the source of dropout masks and, in training, its parameters are
/// arguments, and the batch statistics met on the way are returned.
public final class ForwardPass {
    public enum Mode: Sendable {
        /// Batch normalisation uses, and differentiates through, the statistics of the batch.
        case training
        /// Batch normalisation uses these statistics as constants; dropout multiplies by 1 − p.
        case inference(RunningStatistics)
    }

    public let mode: Mode
    public let masks: any MaskSource
    /// Whether linearizations keep what their parameters were applied to, for `vjp(_:accumulating:)`.
    public let keepsParameterInputs: Bool
    /// What the maps' parameters are in this pass; `nil`: the values that they were built with. A network in training
    /// is built once, of shapes alone, while its parameters change from step to step.
    public let parameters: (any ParameterSource)?
    /// Batch statistics met so far, by the name of the batch normalisation (training mode only).
    public private(set) var batchStatistics: RunningStatistics = [:]
    /// The input of the unit at work, which its trace may let go of and make again.
    private var unitInput: (any Sendable)?
    /// A tensor at work, and the linearization that can make it again.
    private var repeatable: (tensor: ObjectIdentifier, shape: Shape, derivative: any Sendable)?
    /// The tensor is kept too: its identity is nobody else's while it lives.
    private var remembered: (tensor: any Sendable, statistics: ChannelStatistics)?

    public init(
        mode: Mode = .training, masks: any MaskSource, keepsParameterInputs: Bool = false,
        parameters: (any ParameterSource)? = nil
    ) {
        self.mode = mode
        self.masks = masks
        self.keepsParameterInputs = keepsParameterInputs
        self.parameters = parameters
    }

    /// Channel statistics of a tensor. The last answer is remembered, because the measurement of x_l and the
    /// batch normalisation that opens unit l ask for the same.
    public func channelStatistics<Scalar: KernelScalar>(of x: Tensor<Scalar>) -> ChannelStatistics {
        if let remembered, let tensor = remembered.tensor as? Tensor<Scalar>, tensor.isSame(as: x) {
            return remembered.statistics
        }
        let statistics = Scalar.kernels.channelStatistics(x)
        remembered = (x, statistics)
        return statistics
    }

    /// Remembers statistics that came with a tensor.
    func remember<Scalar: KernelScalar>(_ statistics: ChannelStatistics, of x: Tensor<Scalar>) {
        remembered = (x, statistics)
    }

    /// Announces the input of the next unit: a linearization that keeps this tensor is to keep the reference.
    public func begin<Scalar: KernelScalar>(unitInput reference: TensorReference<Scalar>) {
        unitInput = reference
    }

    /// What a linearization keeps of its input: the unit's reference where x is the unit's input.
    public func reference<Scalar: KernelScalar>(to x: Tensor<Scalar>) -> TensorReference<Scalar> {
        if let reference = unitInput as? TensorReference<Scalar>, reference.tensor?.isSame(as: x) == true {
            return reference
        }
        return TensorReference(x)
    }

    /// Passes a map's value to `next`, in which linearizations that need it for their parameters may rely on the
    /// map's derivative to make it again.
    func offering<Scalar: KernelScalar, Result>(
        _ last: Linearized<Scalar>, to next: (Tensor<Scalar>) throws -> Result
    ) rethrows -> Result {
        let x = last.tensor
        let outer = repeatable
        defer { repeatable = outer }
        let isRepeatable = keepsParameterInputs && last.derivative.canRepeatValue
        repeatable =
            isRepeatable && x.identity == last.value.tensor.identity
            ? (x.identity, x.shape, last.derivative) : nil
        return try next(x)
    }

    /// What a linearization keeps of its input for its parameters' gradients; `nil` in a pass without them.
    func parameterInput<Scalar: KernelScalar>(_ x: Tensor<Scalar>) -> ParameterInput<Scalar>? {
        guard keepsParameterInputs else { return nil }
        if let repeatable, repeatable.tensor == x.identity, repeatable.shape == x.shape,
            let derivative = repeatable.derivative as? any Linearization<Scalar>
        {
            return .repeated(derivative)
        }
        return .kept(reference(to: x))
    }

    /// The statistics by which the named batch normalisation is to normalise x.
    func normalizingStatistics<Scalar: KernelScalar>(
        of x: Tensor<Scalar>, for name: String
    ) throws -> (ChannelStatistics, Normalization.Statistics) {
        switch mode {
        case .training:
            let statistics = channelStatistics(of: x)
            batchStatistics[name] = statistics
            return (statistics, .ofBatch)
        case .inference(let running):
            guard let statistics = running[name] else { throw NetworkError.missingStatistics(name: name) }
            return (statistics, .fixed)
        }
    }
}

extension Tensor {
    /// Whether both are the same memory seen in the same shape. A flattened map shares its memory with the map.
    fileprivate func isSame(as other: Tensor) -> Bool { identity == other.identity && shape == other.shape }
}

/// Where dropout masks come from.
public protocol MaskSource: Sendable {
    /// A 0/1 tensor in (N, C, H, W) order that is 1 with probability 1 − p; the same for the same arguments.
    func mask<Scalar: KernelScalar>(
        named name: String, shape: Shape, dropProbability p: Double, block: Int
    ) throws -> Tensor<Scalar>
}
