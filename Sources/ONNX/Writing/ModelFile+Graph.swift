import Graphs
import Kernels

extension ModelFile {
    /// The set of ONNX's operators that is written: the first with all of them (`Gelu` came with it).
    static let writtenOperatorSet = 20
    /// The first IR version in which nodes have metadata.
    static let writtenVersion = 10

    /// Writes a graph with its numbers.
    ///
    /// Every operator becomes the node of ONNX that says the same, or several, as do formulas. Parameters and running
    /// statistics are initialisers under their own names, whose memory is shared and not copied; other buffers are
    /// constants of the graph (masks as the conditions that they are). Tensors have the precision of `Scalar`. No digit is
    /// lost on the way to `ReadModel`: a constant number that single precision does not hold stands in double precision
    /// before a `Cast`, and the digits of an attribute, such as the ε of a normalisation, in its node's metadata. Other
    /// programs round both.
    ///
    /// - Parameters:
    ///   - graph: as it was made: operators that fusion puts together have no form of their own.
    ///   - batch: the name of the first extent of inputs and output, where every operator takes any number of samples.
    ///     The extent stays fixed all the same where a buffer that is no running statistic stands for samples of its
    ///     own; it is fixed where nothing is said.
    /// - Throws: `GraphWritingError`; `GraphError` of parameters and buffers that are missing or have another shape.
    public init<Scalar: KernelScalar>(
        _ graph: Graph, _ arguments: GraphArguments<Scalar>, batch: String? = nil, producer: String = "",
        metadata: [String: String] = [:]
    ) throws {
        let writer = try GraphWriter(graph, arguments)
        self.init(
            irVersion: Self.writtenVersion, producer: producer,
            operatorSets: ["": Self.writtenOperatorSet], graph: writer.file(batch: batch), metadata: metadata)
    }
}
