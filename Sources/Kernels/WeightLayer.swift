import Tensors

/// What a convolution reads: a map, or its normalised and rectified form, which need never exist as a whole.
public struct LayerInput<Scalar: TensorScalar>: Sendable {
    public var map: Tensor<Scalar>
    public var normalization: Normalization?

    public init(_ map: Tensor<Scalar>, _ normalization: Normalization? = nil) {
        self.map = map
        self.normalization = normalization
    }
}

/// factor · tensor, to be added to a result.
public struct Addend<Scalar: TensorScalar>: Sendable {
    public var tensor: Tensor<Scalar>
    public var factor: Double

    public init(_ tensor: Tensor<Scalar>, factor: Double = 1) {
        self.tensor = tensor
        self.factor = factor
    }

    /// `nil` where the factor is 0: the tensor is left unread then, since 0 · ∞ is no number.
    var unlessZero: Addend? { factor == 0 ? nil : self }
}

/// A convolution's value, with its channel statistics where the batch normalisation that follows asks for them.
public struct LayerValue<Scalar: TensorScalar>: Sendable {
    public var value: Tensor<Scalar>
    public var statistics: ChannelStatistics?

    public init(value: Tensor<Scalar>, statistics: ChannelStatistics? = nil) {
        self.value = value
        self.statistics = statistics
    }
}

/// A cotangent of a map, perhaps not yet pulled back through the batch normalisation that reads the map, and perhaps
/// without what reaches the map by another path.
///
/// A batch normalisation can only be pulled back through when the whole batch's cotangent is there; what remains
/// then is an affine function of each element, which the next layer down applies as it reads.
public struct LayerCotangent<Scalar: TensorScalar>: Sendable {
    /// Of the map, or of its normalised form.
    public var tensor: Tensor<Scalar>
    public var pending: Pending?
    /// To be added behind the normalisation.
    public var addend: Addend<Scalar>?

    /// A normalisation that the cotangent has still to pass through.
    public struct Pending: Sendable {
        /// The map that was normalised.
        public var map: Tensor<Scalar>
        public var normalization: Normalization
        /// The cotangent's pull-back to γ and β, on which its pull-back to the map depends.
        public var scale: [Double]
        public var shift: [Double]

        public init(map: Tensor<Scalar>, normalization: Normalization, scale: [Double], shift: [Double]) {
            self.map = map
            self.normalization = normalization
            self.scale = scale
            self.shift = shift
        }
    }

    public init(_ tensor: Tensor<Scalar>, pending: Pending? = nil, addend: Addend<Scalar>? = nil) {
        self.tensor = tensor
        self.pending = pending
        self.addend = addend
    }

    /// The same, with an addend.
    public consuming func adding(_ addend: Addend<Scalar>) -> LayerCotangent {
        precondition(self.addend == nil, "a second addend")
        self.addend = addend
        return self
    }
}

/// A cotangent of a convolution's value, pulled back to all that the value depends on.
public struct LayerPullback<Scalar: TensorScalar>: Sendable {
    /// ∂/∂W, (O, I, k, k), where it was asked for.
    public var filter: Tensor<Scalar>?
    /// Without an addend.
    public var input: LayerCotangent<Scalar>
    /// What was pulled back, as a plain tensor, where it had an addend: the other path asks for it.
    public var cotangent: Tensor<Scalar>?
    /// ∂/∂γ and ∂/∂β, where the input is normalised.
    public var scale: [Double]?
    public var shift: [Double]?

    public init(
        filter: Tensor<Scalar>? = nil, input: LayerCotangent<Scalar>, cotangent: Tensor<Scalar>? = nil,
        scale: [Double]? = nil, shift: [Double]? = nil
    ) {
        self.filter = filter
        self.input = input
        self.cotangent = cotangent
        self.scale = scale
        self.shift = shift
    }
}

/// A weight layer made of the other operations, each over the whole batch.
extension KernelSet {
    public func layer(
        _ x: LayerInput<Scalar>, _ filter: Tensor<Scalar>, _ geometry: ConvolutionGeometry,
        adding addend: Addend<Scalar>?, measuringChannels: Bool
    ) throws -> LayerValue<Scalar> {
        try wholeLayer(x, filter, geometry, adding: addend, measuringChannels: measuringChannels)
    }

    public func layerPullback(
        _ cotangent: consuming LayerCotangent<Scalar>, at x: LayerInput<Scalar>, _ filter: Tensor<Scalar>,
        _ geometry: ConvolutionGeometry, toFilter: Bool
    ) throws -> LayerPullback<Scalar> {
        try wholeLayerPullback(cotangent, at: x, filter, geometry, toFilter: toFilter)
    }

    public func resolve(_ cotangent: consuming LayerCotangent<Scalar>) -> Tensor<Scalar> {
        wholeResolve(cotangent)
    }

    func wholeLayer(
        _ x: LayerInput<Scalar>, _ filter: Tensor<Scalar>, _ geometry: ConvolutionGeometry,
        adding addend: Addend<Scalar>?, measuringChannels: Bool
    ) throws -> LayerValue<Scalar> {
        var value = try convolution(read(x), filter, geometry)
        if let addend { value = combine(consume value, 1, addend.tensor, addend.factor) }
        return LayerValue(value: value, statistics: measuringChannels ? channelStatistics(value) : nil)
    }

    func wholeLayerPullback(
        _ cotangent: consuming LayerCotangent<Scalar>, at x: LayerInput<Scalar>, _ filter: Tensor<Scalar>,
        _ geometry: ConvolutionGeometry, toFilter: Bool
    ) throws -> LayerPullback<Scalar> {
        let hasAddend = cotangent.addend != nil
        let c = resolve(cotangent)
        let gradient = toFilter ? try convolutionFilterGradient(c, at: read(x), geometry) : nil
        let input = try convolutionPullback(c, filter, geometry)
        guard let normalization = x.normalization else {
            return LayerPullback(
                filter: gradient, input: LayerCotangent(input), cotangent: hasAddend ? c : nil)
        }
        let pullback = normalizePullbackToAll(consume input, at: x.map, normalization)
        return LayerPullback(
            filter: gradient, input: LayerCotangent(pullback.input), cotangent: hasAddend ? c : nil,
            scale: pullback.scale, shift: pullback.shift)
    }

    func wholeResolve(_ cotangent: consuming LayerCotangent<Scalar>) -> Tensor<Scalar> {
        let (tensor, pending, addend) = (cotangent.tensor, cotangent.pending, cotangent.addend?.unlessZero)
        _ = consume cotangent
        let resolved =
            if let pending {
                normalizePullback(consume tensor, at: pending.map, pending.normalization)
            } else {
                consume tensor
            }
        guard let addend else { return resolved }
        return combine(consume resolved, 1, addend.tensor, addend.factor)
    }

    private func read(_ x: LayerInput<Scalar>) -> Tensor<Scalar> {
        x.normalization.map { normalize(x.map, $0) } ?? x.map
    }
}
