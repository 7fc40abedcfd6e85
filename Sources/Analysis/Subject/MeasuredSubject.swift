import Graphs
import Kernels
import ResidualNetworks
import Tensors

/// What an analysis measures: a model on a batch, the numbers that it is evaluated with, and the loss of its output.
///
/// A network that was built here (`NetworkSubject`) and a model of any origin (`ModelSubject`) are measured alike.
public protocol MeasuredSubject<Scalar>: Sendable {
    associatedtype Scalar: KernelScalar

    /// The model on this batch.
    var model: ResidualModel { get }
    /// E, of the model's output.
    var loss: Loss { get }
    /// Trainable tensors, in the order of computation.
    var parameters: [MeasuredParameter<Scalar>] { get }
    /// The design that it was built from, where there is one: theory reads it.
    var design: NetworkDesign? { get }
    /// As reports name it: an architecture, or a file.
    var name: String { get }
    /// What is asked of the batch before it can be evaluated, such as a pass that calibrates statistics.
    var isCalibrated: Bool { get }
    /// Elements of the largest tensor that a sweep works on.
    var largestTensor: Int { get }

    /// What the model is evaluated with. Computed anew at each call.
    func arguments() throws -> GraphArguments<Scalar>

    /// Whether there are inputs between those of two samples.
    var hasLines: Bool { get }

    /// The model on points of lines between samples; `nil` where there are none.
    func lines() throws -> SampleLines<Scalar>?
}

/// A trainable tensor of what is measured.
public struct MeasuredParameter<Scalar: KernelScalar>: Sendable {
    public let name: String
    /// In the model's graph.
    public let value: Graph.ValueID
    public let tensor: Tensor<Scalar>

    public init(name: String, value: Graph.ValueID, tensor: Tensor<Scalar>) {
        self.name = name
        self.value = value
        self.tensor = tensor
    }

    public var count: Int { tensor.shape.count }
}

/// Inputs between those of two samples, and the model on them.
public struct SampleLines<Scalar: KernelScalar>: Sendable {
    /// The batch's input, samples along its first axis.
    public let input: Tensor<Scalar>
    /// One a sample.
    public let labels: [Int]
    /// The model on a batch of no more samples than the input has.
    public let model: @Sendable (Tensor<Scalar>) throws -> (ResidualModel, GraphArguments<Scalar>)

    public init(
        input: Tensor<Scalar>, labels: [Int],
        model: @escaping @Sendable (Tensor<Scalar>) throws -> (ResidualModel, GraphArguments<Scalar>)
    ) {
        self.input = input
        self.labels = labels
        self.model = model
    }
}
