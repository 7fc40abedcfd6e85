import Graphs
import Kernels
import Operators
import Tensors

/// What is known of a file's value while its graph is made.
struct ReadValue<Scalar: KernelScalar>: Sendable {
    enum Content: Sendable {
        /// Its numbers: the signal does not come to it.
        case known(Known)
        /// A value of the graph.
        case node(Graph.ValueID)
        /// A sequence.
        case parts([Part])
    }

    /// An element of a sequence: a value, or a part of one that is taken when somebody wants it.
    struct Part: Sendable {
        let value: ReadValue
        let name: String
        var slice: Slice?
        /// An axis that goes with it.
        var dropped: Int?
    }

    /// Numbers that do not depend on the signal.
    struct Known: Sendable {
        let value: Value<Scalar>
        /// Learned numbers that they are made of, as `SignalPath` counts them: 1 for a learned scalar, whatever it was
        /// stretched to.
        var learned = 0
        /// Whether they depend on an input of whole numbers, such as token ids.
        var followsIndices = false
    }

    let content: Content
    let shape: Shape
    let type: ElementType

    var known: Known? { if case .known(let known) = content { known } else { nil } }

    /// As whoever translates a node sees it.
    func operand(_ source: NodeReading.Operand.Source) -> NodeReading.Operand {
        guard let value = known?.value else {
            return NodeReading.Operand(source: source, shape: shape, type: type, whole: nil, reals: nil)
        }
        switch value {
        case .whole(let whole):
            return NodeReading.Operand(source: source, shape: shape, type: type, whole: whole, reals: nil)
        case .real(let scaled, _):
            return NodeReading.Operand(
                source: source, shape: shape, type: type, whole: nil, reals: { scaled.doubles })
        }
    }
}

extension ReadValue {
    init(_ known: Known, type: ElementType) {
        self.init(content: .known(known), shape: known.value.shape, type: type)
    }

    /// Numbers that a node says of itself.
    init(_ numbers: NodeReading.Numbers) {
        let value: Value<Scalar> =
            switch numbers.numbers {
            // A single number keeps its digits, in any precision.
            case .real(let reals) where reals.count == 1 && reals[0].isFinite:
                .real(ScaledTensor(Tensor(rounding: [1], shape: numbers.shape), factor: reals[0]))
            case .real(let reals): Value(Tensor(rounding: reals, shape: numbers.shape))
            case .whole(let wholes): .whole(WholeTensor(wholes, shape: numbers.shape))
            }
        self.init(Known(value: value), type: numbers.type)
    }

    /// A tensor of a file.
    ///
    /// - Parameter isLearned: whether it is an initialiser rather than a constant of a node.
    /// - Throws: `ModelFileError`.
    init(_ tensor: FileTensor, isLearned: Bool) throws {
        switch tensor.type.kind {
        case .real:
            let value: Value<Scalar> = Value(try tensor.values())
            self.init(Known(value: value, learned: isLearned ? tensor.shape.count : 0), type: tensor.type)
        case .unsupported: throw ModelFileError.unsupportedType(tensor.label, tensor.type)
        case .whole, .condition:
            let whole = WholeTensor(try tensor.wholes(), shape: tensor.shape)
            self.init(Known(value: .whole(whole)), type: tensor.type)
        }
    }
}

extension ScaledTensor {
    /// The numbers in double precision, without rounding those of single precision under their scale.
    var doubles: [Double] {
        isPlain ? tensor.doubles : tensor.doubles.map { $0 * coefficient(relativeTo: 0) }
    }
}
