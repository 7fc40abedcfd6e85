import Tensors

// What shape rules have in common. Extents and axes come from files and users: nothing here may trap on them.
extension Operator {
    /// The shape of a result from its extents.
    ///
    /// - Throws: `OperatorError.shapes` where there are more axes, or elements, than a tensor can have.
    func result(_ extents: [Int], of operands: [Shape]) throws(OperatorError) -> Shape {
        func refuse(_ requirement: String) -> OperatorError {
            .shapes(operation: name, operands: operands, requirement: requirement)
        }
        guard extents.count <= Shape.greatestRank else {
            throw refuse(
                "the result would have \(extents.count) axes, and \(Shape.greatestRank) can be")
        }
        guard Shape.canHold(extents) else {
            throw refuse("the result, \(extents), would have more elements than can be")
        }
        return Shape(axes: extents)
    }

    /// An axis that may be counted from the end.
    ///
    /// - Throws: `OperatorError.attribute` where there is no such axis.
    func axis(_ axis: Int, of shape: Shape) throws(OperatorError) -> Int {
        try shape.axis(axis, for: name)
    }

    /// An index that may be counted from the end.
    ///
    /// - Throws: `OperatorError.value` where it is beyond the axis.
    func place(_ index: Int, of extent: Int) throws(OperatorError) -> Int {
        guard index >= -extent, index < extent else {
            throw .value(operation: name, reason: "index \(index) is beyond an axis of \(extent)")
        }
        return index < 0 ? index + extent : index
    }

    /// The shape that operands are all stretched to.
    ///
    /// - Throws: `OperatorError.operandCount`, `.shapes`.
    func broadcastShape(of operands: [Shape], count: ClosedRange<Int> = 2...2) throws(OperatorError) -> Shape
    {
        try require(operands, count: count)
        var common = operands[0]
        if operands.allSatisfy({ $0 == common }) { return common }
        for operand in operands.dropFirst() {
            guard let shape = Shape.broadcast(common, operand) else {
                throw .shapes(
                    operation: name, operands: operands,
                    requirement: "axes are matched from the last one on, and must be equal or 1")
            }
            common = shape
        }
        return try result(common.axes, of: operands)
    }
}

extension Shape {
    func axis(_ axis: Int, for operation: String) throws(OperatorError) -> Int {
        guard axis >= -rank, axis < rank else {
            throw .attribute(
                operation: operation, attribute: "axis", value: "\(axis)",
                requirement: "an operand of shape \(self) has axes from \(-rank) to \(rank - 1)")
        }
        return axis < 0 ? axis + rank : axis
    }

    /// A product of counts, or the largest number where it is greater.
    static func boundedProduct(_ x: Int, _ y: Int) -> Int {
        let (product, overflows) = x.multipliedReportingOverflow(by: y)
        return overflows ? .max : product
    }

    /// The shape of some extents; `nil` of more axes, or elements, than a tensor can have, and of extents below 0.
    public static func possible(_ extents: [Int]) -> Shape? {
        extents.count <= greatestRank && canHold(extents) ? Shape(axes: extents) : nil
    }

    /// Whether extents are none below 0, and so few elements that those, and their bytes, can be counted.
    static func canHold(_ extents: [Int]) -> Bool {
        var count = 1
        for extent in extents {
            // An extent of 0 leaves the strides of the others.
            let (product, overflows) = count.multipliedReportingOverflow(by: max(1, extent))
            guard extent >= 0, !overflows, product <= Int.max / 16 else { return false }
            count = product
        }
        return true
    }
}
