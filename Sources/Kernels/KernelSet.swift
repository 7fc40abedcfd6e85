import Expressions
import Tensors

/// The operations a network is made of, for one element type, with their pull-backs (VJP) and push-forwards
/// (JVP). Tensors may come in any blocks of channels, which results keep where they can. Shapes are the caller's duty.
///
/// A consumed argument lends its memory to the result where nobody else holds it: a temporary costs no second
/// buffer. Passing a tensor that is still in use is safe, and then the result is a new one.
public protocol KernelSet<Scalar>: Sendable {
    associatedtype Scalar: TensorScalar

    /// The same map laid out in memory as convolutions of images read it fastest.
    func arranged(_ x: Tensor<Scalar>) -> Tensor<Scalar>

    // Convolution. Linear: the push-forward of x is `convolution` itself.
    /// y = W ∗ x, cross-correlation with zero padding. The filter is (O, C/groups, kernel).
    func convolution(
        _ x: Tensor<Scalar>, _ filter: Tensor<Scalar>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Scalar>
    /// Wᵀ c, the pull-back of a cotangent of y.
    func convolutionPullback(
        _ cotangent: Tensor<Scalar>, _ filter: Tensor<Scalar>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Scalar>
    /// ∂⟨c, W ∗ x⟩/∂W, the pull-back of a cotangent of y to the filter.
    func convolutionFilterGradient(
        _ cotangent: Tensor<Scalar>, at x: Tensor<Scalar>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Scalar>
    /// x + b, one number a channel.
    func addBias(_ x: consuming Tensor<Scalar>, _ bias: [Double]) -> Tensor<Scalar>

    // A weight layer: a convolution with the batch normalisation that it reads through. Composed of the other operations
    // by default.
    /// y = W ∗ x + addend, with the channel statistics of y where they are asked for.
    func layer(
        _ x: LayerInput<Scalar>, _ filter: Tensor<Scalar>, _ geometry: ConvolutionGeometry,
        adding addend: Addend<Scalar>?, measuringChannels: Bool
    ) throws -> LayerValue<Scalar>
    /// The pull-back of a cotangent of W ∗ x to x, to γ and β where x is normalised, and to W where that is asked for.
    func layerPullback(
        _ cotangent: consuming LayerCotangent<Scalar>, at x: LayerInput<Scalar>, _ filter: Tensor<Scalar>,
        _ geometry: ConvolutionGeometry, toFilter: Bool
    ) throws -> LayerPullback<Scalar>
    /// A cotangent that has passed through all it had to pass through, its addend added.
    func resolve(_ cotangent: consuming LayerCotangent<Scalar>) -> Tensor<Scalar>

    /// C = A·B of matrices that lie row by row, on so many threads; C comes in uninitialised.
    func multiply(
        _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into c: UnsafeMutablePointer<Scalar>,
        _ product: MatrixProduct, threads: Int
    ) throws

    // Functions of the rows of a matrix (rows, length).
    /// p = eˣ over its sum in every row, or log p.
    func softmax(ofRows x: Tensor<Scalar>, isLogarithmic: Bool) -> Tensor<Scalar>
    /// At the value y: p∘(c − Σ p c); of the logarithm c − p Σ c.
    func softmaxPullback(
        _ cotangent: Tensor<Scalar>, ofRows y: Tensor<Scalar>, isLogarithmic: Bool
    ) -> Tensor<Scalar>
    /// At the value y: p∘(t − Σ p t); of the logarithm t − Σ p t.
    func softmaxPushforward(
        _ tangent: Tensor<Scalar>, ofRows y: Tensor<Scalar>, isLogarithmic: Bool
    ) -> Tensor<Scalar>
    /// (x − mean)·s with s = 1/√(variance + ε) of every row, and s as a column; without the mean x/√(mean square + ε).
    func standardize(
        rows x: Tensor<Scalar>, epsilon: Double, subtractsMean: Bool
    ) -> (value: Tensor<Scalar>, inverseDeviation: Tensor<Scalar>)
    /// Both derivatives at the value y: s(v − mean(v) − y·mean(v y)), without the first mean where none is subtracted.
    func standardizeDerivative(
        _ v: Tensor<Scalar>, ofRows y: Tensor<Scalar>, inverseDeviation: Tensor<Scalar>, subtractsMean: Bool
    ) -> Tensor<Scalar>

    // Batch normalisation, with the rectifier that may follow it.
    func channelStatistics(_ x: Tensor<Scalar>) -> ChannelStatistics
    func normalize(_ x: consuming Tensor<Scalar>, _ normalization: Normalization) -> Tensor<Scalar>
    func normalizePullback(
        _ cotangent: consuming Tensor<Scalar>, at x: Tensor<Scalar>, _ normalization: Normalization
    ) -> Tensor<Scalar>
    func normalizePushforward(
        _ tangent: consuming Tensor<Scalar>, at x: Tensor<Scalar>, _ normalization: Normalization
    ) -> Tensor<Scalar>
    /// `normalizePullback` together with the pull-backs to γ and β, which need no pass of their own.
    func normalizePullbackToAll(
        _ cotangent: consuming Tensor<Scalar>, at x: Tensor<Scalar>, _ normalization: Normalization
    ) -> NormalizationPullback<Scalar>

    // Element-wise.
    /// max(0, x).
    func rectify(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar>
    /// v where y > 0, else 0: both derivatives of the rectifier (ReLU′(0) = 0).
    func keep(_ v: consuming Tensor<Scalar>, wherePositive y: Tensor<Scalar>) -> Tensor<Scalar>
    /// e^offset·σ(x), for an offset ≥ 0; where x is so far below 0 that σ(x) is less than the type's smallest number, an
    /// offset near −x keeps its digits.
    func sigmoid(_ x: consuming Tensor<Scalar>, offset: Double) -> Tensor<Scalar>
    func multiply(_ a: consuming Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar>
    /// a·x + b·y; a coefficient of 0 leaves its tensor unread.
    func combine(
        _ x: consuming Tensor<Scalar>, _ a: Double, _ y: Tensor<Scalar>, _ b: Double
    ) -> Tensor<Scalar>
    /// a·x.
    func scale(_ x: consuming Tensor<Scalar>, by a: Double) -> Tensor<Scalar>

    /// One step of a program over the first `count` elements of its registers; the result may be one that it reads. The
    /// result is in the tensors' precision: rounded from double precision, or within 4 units of the last place.
    func take(
        _ action: ExpressionProgram.Action, _ operands: StepOperands<Scalar>, count: Int,
        into result: UnsafeMutablePointer<Scalar>)

    // Pooling of (N, C, space) over one to three axes of space.
    /// The largest element of every window, each of which has to see one. Of equal elements the first is taken, row by row;
    /// a NaN is taken before any number. A window has at most 2^16 taps.
    func maxPool(_ x: Tensor<Scalar>, _ window: ConvolutionWindow) -> (
        pooled: Tensor<Scalar>, choice: PoolingChoice
    )
    func maxPoolPullback(_ cotangent: Tensor<Scalar>, _ choice: PoolingChoice) -> Tensor<Scalar>
    func maxPoolPushforward(_ tangent: Tensor<Scalar>, _ choice: PoolingChoice) -> Tensor<Scalar>
    /// The sum over every window, over a divisor for each place of the window.
    func averagePool(
        _ x: Tensor<Scalar>, _ window: ConvolutionWindow, divisors: [Double]
    ) -> Tensor<Scalar>
    func averagePoolPullback(
        _ cotangent: Tensor<Scalar>, to input: Shape, _ window: ConvolutionWindow, divisors: [Double]
    ) -> Tensor<Scalar>

    // Global average pooling, (N, C, H, W) → (N, C, 1, 1) of block 1.
    func globalAverage(_ x: Tensor<Scalar>) throws -> Tensor<Scalar>
    func globalAveragePullback(
        _ cotangent: Tensor<Scalar>, to input: Shape
    ) throws -> Tensor<Scalar>

    /// One step of descent, in the memory of the parameter and of its velocity.
    func descend(
        _ parameter: inout Tensor<Scalar>, velocity: inout Tensor<Scalar>, gradient: Tensor<Scalar>,
        _ step: MomentumStep)

    // Measurement. Sums are taken in Double and do not depend on the number of threads.
    func sumOfSquares(_ x: Tensor<Scalar>) -> Double
    func dot(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Double
    /// ⟨x_i, y_j⟩ of one sample of each batch.
    func dot(sample i: Int, of x: Tensor<Scalar>, sample j: Int, of y: Tensor<Scalar>) -> Double
    /// Elements below 0, padding channels excluded.
    func negativeCount(_ x: Tensor<Scalar>) -> Int
    /// a·x + b·y in the memory of x where x is not shared, with Σ of the result's squares.
    func combineMeasured(
        _ x: consuming Tensor<Scalar>, _ a: Double, _ y: Tensor<Scalar>, _ b: Double
    ) -> (Tensor<Scalar>, squaredNorm: Double)
    /// One step of the forward sum, in the memory of its `previous` where that is not shared.
    func advanceForwardSum(
        _ step: consuming ForwardSumStep<Scalar>
    ) -> (sum: Tensor<Scalar>, squares: ForwardSumSquares)
    /// One step of the decomposition, in the memory of its tensors where they are not shared.
    func decompose(
        _ step: consuming DecompositionStep<Scalar>
    ) -> (total: Tensor<Scalar>, throughWeights: Tensor<Scalar>, sums: DecompositionSums)
}

/// An element type together with the kernels that compute in it.
public protocol KernelScalar: TensorScalar {
    associatedtype Kernels: KernelSet<Self>
    static var kernels: Kernels { get }
    /// Bytes of address space that libraries have still to reserve, touched or not, to compute on so many threads at a
    /// time.
    static func reservedAddresses(threads: Int) -> Int
}

extension KernelScalar {
    public static func reservedAddresses(threads: Int) -> Int { 0 }
}
