import Operators

/// How a node of one kind is read: by operators applied to its operands.
struct Translation: Sendable {
    /// The node's outputs, in order; fewer where the last are not computed.
    let outputs: @Sendable (inout NodeReading) throws -> [NodeReading.Operand?]

    init(outputs: @escaping @Sendable (inout NodeReading) throws -> [NodeReading.Operand?]) {
        self.outputs = outputs
    }

    /// Of a node with one output, or with others that nobody computes here.
    init(_ output: @escaping @Sendable (inout NodeReading) throws -> NodeReading.Operand) {
        outputs = { [try output(&$0)] }
    }

    /// One operator, applied to all operands.
    ///
    /// - Parameter type: of the result; that of the first operand where nothing is said.
    static func operation(
        type: ElementType? = nil, _ make: @escaping @Sendable (NodeReading) throws -> any Operator
    ) -> Translation {
        Translation { reading in
            try reading.apply(make(reading), to: reading.operands(), type: type)
        }
    }

    /// One operator without attributes.
    static func operation(_ operation: any Operator, type: ElementType? = nil) -> Translation {
        .operation(type: type) { _ in operation }
    }
}
