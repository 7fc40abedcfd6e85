import Operators
import Tensors

extension NodeReading.Operand {
    var isReal: Bool { type.kind == .real }
}

extension NodeReading {
    /// The operand in a slot; `nil` where it is left out.
    func given(_ slot: Int) -> Operand? { slot < inputs.count ? inputs[slot] : nil }

    /// - Throws: `NodeError.malformed` where it is left out.
    func operand(_ slot: Int) throws -> Operand {
        guard let operand = given(slot) else { throw malformed("lacks its operand \(slot)") }
        return operand
    }

    /// All operands; those that are left out may stand last.
    func operands() throws -> [Operand] {
        let count = (inputs.lastIndex { $0 != nil } ?? -1) + 1
        return try (0..<count).map(operand)
    }
}

// Numbers that say what is to be computed: attributes in old files, operands in new ones.
extension NodeReading {
    /// Whole numbers in an operand; `nil` where it is left out.
    ///
    /// - Parameter name: of the operand, for errors.
    /// - Throws: `NodeError.notConstant`.
    func givenWholes(_ slot: Int, _ name: String) throws -> [Int]? {
        guard let operand = given(slot) else { return nil }
        if let whole = operand.whole { return whole.elements }
        guard !operand.isReal else { throw malformed("has real numbers for \(name)") }
        throw notConstant(slot, name)
    }

    /// - Throws: besides, `NodeError.malformed` where it is left out.
    func wholes(_ slot: Int, _ name: String) throws -> [Int] {
        guard let wholes = try givenWholes(slot, name) else { throw malformed("lacks its operand \(name)") }
        return wholes
    }

    /// One whole number.
    func givenWhole(_ slot: Int, _ name: String) throws -> Int? {
        try givenWholes(slot, name).map { try only($0, name) }
    }

    func whole(_ slot: Int, _ name: String) throws -> Int { try only(wholes(slot, name), name) }

    /// Whole numbers in an operand or, in files of older operators, in an attribute of the same name.
    func wholes(_ name: String, orOperand slot: Int) throws -> [Int]? {
        try givenWholes(slot, name) ?? givenInts(name)
    }

    /// Real numbers in an operand, or whole ones as such; `nil` where it is left out.
    func givenReals(_ slot: Int, _ name: String) throws -> [Double]? {
        guard let operand = given(slot) else { return nil }
        if let whole = operand.whole { return whole.elements.map(Double.init) }
        guard let reals = operand.reals else { throw notConstant(slot, name) }
        return try reals()
    }

    func givenReal(_ slot: Int, _ name: String) throws -> Double? {
        try givenReals(slot, name).map { try only($0, name) }
    }

    private func only<Number>(_ numbers: [Number], _ name: String) throws -> Number {
        guard numbers.count == 1, let number = numbers.first else {
            throw malformed("has \(numbers.count) numbers for \(name), which is one")
        }
        return number
    }

    private func notConstant(_ slot: Int, _ name: String) -> NodeError {
        .notConstant(
            name, value: slot < node.inputs.count ? node.inputs[slot] : "", operation: node.type,
            node: node.title)
    }

    /// The shape of extents that a file states.
    ///
    /// - Throws: `NodeError.attribute` where no tensor has it.
    func shape(_ extents: [Int], _ name: String) throws -> Shape {
        guard let shape = Shape.possible(extents) else { throw unsupported(name, extents) }
        return shape
    }

    /// An axis that may be counted from the end.
    ///
    /// - Parameter count: of the axes that can be meant.
    func place(_ axis: Int, of count: Int) throws -> Int {
        guard (-count..<count).contains(axis) else { throw unsupported("axis", axis) }
        return axis < 0 ? axis + count : axis
    }
}
