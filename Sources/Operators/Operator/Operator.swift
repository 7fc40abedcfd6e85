import Kernels
import Tensors

/// A differentiable function of tensors. A node of a graph applies one to its operands.
///
/// To add one, write what stands here: the shape of the result, the value, and the derivative in both directions, slot by
/// slot. With J_s = ∂result/∂operand_s, `vjp` gives J_sᵀc and `jvp` gives J_s t; a total derivative is their sum over the
/// slots, which whoever walks the graph forms. An operation knows nothing of units, of batches or of memory: it says what
/// its derivatives read (`reads`), and finds that at the `Point` where they are taken.
///
/// Functions of single elements and rearrangements of elements have protocols of their own that need less:
/// `ElementwiseOperator`, `Movement`.
public protocol Operator: Sendable {
    /// As listings and errors call it: the word of the ONNX operator where there is one.
    var name: String { get }

    /// The shape of the result.
    ///
    /// - Throws: `OperatorError`, where the operands do not fit.
    func shape(of operands: [Shape]) throws -> Shape

    /// The result, with what only the value knows and derivatives read.
    func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar>

    /// Whether a derivative passes from the operand in a slot; true by default. It does not pass from indices, conditions,
    /// shapes and bounds.
    func isDifferentiable(in slot: Int) -> Bool

    /// What `vjp` and `jvp` read of the point; nothing by default, which is right of linear operations.
    func reads(for slot: Int) -> Reads

    /// J_sᵀc, in the shape of the operand; in the cotangent's memory where the operation allows that and nobody else holds
    /// it.
    func vjp<Scalar: KernelScalar>(
        _ cotangent: consuming Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar>

    /// J_s t, in the shape of the result.
    func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar>

    /// J_sᵀc for several slots, in their order: `vjp` of each by default. For operators whose derivatives share work, as that
    /// to weights and that to the map, or that put off the normalisation which they read through.
    func pullBack<Scalar: KernelScalar>(
        _ cotangent: consuming Cotangent<Scalar>, to slots: [Int], at point: Point<Scalar>
    ) throws -> [Cotangent<Scalar>]

    /// One operator that computes this one and the one which made its operand in a slot, where kernels have that; `nil` by
    /// default. It takes the other's operands in place of that slot.
    ///
    /// - Parameters:
    ///   - inner: shapes of the other's operands.
    ///   - shapes: of this operator's operands.
    func fused(
        with producer: any Operator, of inner: [Shape], in slot: Int, shapes: [Shape]
    ) -> (any Operator)?

    /// The slot of the operand whose channel statistics it asks for; none by default.
    var measuredSlot: Int? { get }

    /// The same operator, which gives the channel statistics of its result with it because it finds them on its way; `nil`
    /// by default.
    var measuringChannels: (any Operator)? { get }

    /// Whether the result is linear in some of its operands together, the others held; false by default.
    func isLinear(in slots: [Int], of operands: Int) -> Bool

    /// Whether it sets negative elements to 0 and leaves the others; false by default.
    var truncatesNegatives: Bool { get }

    /// What it is to whoever looks for the structure of a network; nothing in particular by default.
    var role: OperatorRole { get }

    /// The window that it slides over the axes of space; none by default.
    var slidingWindow: ConvolutionWindow? { get }

    /// Elements, at most, of what the value sets aside for derivatives; 0 by default.
    func residueElements(of operands: [Shape]) -> Int

    /// Multiplications, each with an addition, of the value; 0 by default: what costs no more than a pass over memory is
    /// not counted. Each derivative of a weight layer costs as many.
    func multiplyAdds(of operands: [Shape]) -> Int
}

extension Operator {
    public func isDifferentiable(in slot: Int) -> Bool { true }
    public func reads(for slot: Int) -> Reads { Reads() }
    public var role: OperatorRole { .other }
    public func fused(
        with producer: any Operator, of inner: [Shape], in slot: Int, shapes: [Shape]
    ) -> (any Operator)? { nil }
    public var measuredSlot: Int? { nil }
    public var measuringChannels: (any Operator)? { nil }
    public func isLinear(in slots: [Int], of operands: Int) -> Bool { false }
    public var truncatesNegatives: Bool { false }
    public var slidingWindow: ConvolutionWindow? { nil }
    public func multiplyAdds(of operands: [Shape]) -> Int { 0 }
    public func residueElements(of operands: [Shape]) -> Int { 0 }

    public func pullBack<Scalar: KernelScalar>(
        _ cotangent: consuming Cotangent<Scalar>, to slots: [Int], at point: Point<Scalar>
    ) throws -> [Cotangent<Scalar>] {
        let resolved = (consume cotangent).resolve()
        guard slots.count > 1 else {
            let slot = slots[0]
            return [.resolved(try vjp(consume resolved, to: slot, at: point))]
        }
        return try slots.map { .resolved(try vjp(resolved, to: $0, at: point)) }
    }

    /// J_sᵀc under its scale, in the cotangent's memory where nobody else holds it.
    public func vjp<Scalar: KernelScalar>(
        _ cotangent: consuming ScaledTensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let (tensor, factor, exponent) = (cotangent.tensor, cotangent.factor, cotangent.exponent)
        _ = consume cotangent
        return try vjp(consume tensor, to: slot, at: point).scaled(by: factor, power: exponent)
    }

    /// J_s t under its scale.
    public func jvp<Scalar: KernelScalar>(
        _ tangent: ScaledTensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        try jvp(tangent.tensor, from: slot, at: point).scaled(by: tangent.factor, power: tangent.exponent)
    }

    /// Checks the number of operands.
    ///
    /// - Throws: `OperatorError.operandCount`.
    func require(_ operands: [Shape], count: ClosedRange<Int>) throws(OperatorError) {
        guard count.contains(operands.count) else {
            throw .operandCount(operation: name, expected: count, found: operands.count)
        }
    }
}

/// What an operator is to the structure of a network, whatever it computes.
public enum OperatorRole: Sendable, Equatable {
    /// A sum of its operands: a merge of the graph, or a part of one.
    case sum
    /// Its first operand less its second: a merge too.
    case difference
    /// Its operand, unchanged.
    case identity
    /// Its operand's elements, all of them, in other places or under another shape.
    case rearrangement
    /// A product, or a sum of products, of the operands in two slots: a weight layer where one of them is learned.
    case product(slots: [Int])
    /// A product of two operands, element by element.
    case elementwiseProduct
    /// What the indices in slot 1 take out of the table in slot 0: an embedding, where the table is learned.
    case lookup
    /// Batch normalisation, with the slots of the running mean and variance where it normalises by those.
    case normalization(running: [Int])
    case other
}

/// What a derivative reads of the point where it is taken, beside what the value set aside for it.
public struct Reads: Sendable, Equatable {
    /// By slot; those of operands that may be missing, and are, are passed over.
    public var operands: Set<Int>
    public var result: Bool

    public init(operands: Set<Int> = [], result: Bool = false) {
        self.operands = operands
        self.result = result
    }
}

/// A value, and what derivatives read of how it was found: batch statistics, the places of maxima, a mask.
public struct Evaluation<Scalar: KernelScalar>: Sendable {
    public var value: Value<Scalar>
    public var residue: (any Sendable)?

    public init(_ value: Value<Scalar>, residue: (any Sendable)? = nil) {
        self.value = value
        self.residue = residue
    }

    public init(_ tensor: Tensor<Scalar>, residue: (any Sendable)? = nil) {
        self.init(.real(ScaledTensor(tensor)), residue: residue)
    }
}
