import Operators
import Tensors

extension OperatorCatalogue {
    /// Numbers that nodes say, and what is counted before the signal is known.
    static let constants: [String: Translation] = [
        "Constant": Translation { try $0.statedConstant() },
        "ConstantOfShape": Translation { reading in
            let shape = try reading.shape(reading.wholes(0, "shape"), "shape")
            let filling = try reading.filling()
            return try reading.apply(Expand(to: shape), to: filling)
        },
        "Range": Translation { try $0.range() },
        "EyeLike": Translation { try $0.identityMatrix() },
        "NonZero": Translation { try $0.nonZero() },
        "Unique": Translation(outputs: { try $0.unique() }),
    ]

    /// The most elements that a node makes of a few numbers.
    static let greatestCount = 1 << 26
}

extension NodeReading {
    fileprivate mutating func statedConstant() throws -> Operand {
        guard let (name, value) = node.attributes.first(where: { $0.key.hasPrefix("value") }) else {
            throw malformed("has no value")
        }
        switch value {
        case .tensor(let tensor): return try constant(tensor, name)
        case .float(let number): return constant([Double(number)], shape: Shape(axes: []))
        case .floats(let numbers):
            return constant(numbers.map(Double.init), shape: Shape(axes: [numbers.count]))
        case .int(let number): return constant(whole: WholeTensor([number], shape: Shape(axes: [])))
        case .ints(let numbers):
            return constant(whole: WholeTensor(numbers, shape: Shape(axes: [numbers.count])))
        default: throw unsupported(name, value)
        }
    }

    /// A tensor that stands in an attribute.
    private mutating func constant(_ tensor: FileTensor, _ name: String) throws -> Operand {
        switch tensor.type.kind {
        case .real:
            return constant(
                try tensor.values(as: Double.self).elements, shape: tensor.shape, type: tensor.type)
        case .whole, .condition:
            return constant(
                whole: WholeTensor(try tensor.wholes(), shape: tensor.shape), type: tensor.type)
        case .unsupported: throw unsupported(name, tensor.type)
        }
    }

    /// What `ConstantOfShape` repeats: the number in its attribute, or 0.
    fileprivate mutating func filling() throws -> Operand {
        switch node.attributes["value"] {
        case nil: return constant([0], shape: Shape(axes: []))
        case .tensor(let tensor) where tensor.shape.count == 1:
            return try apply(Reshape([]), to: constant(tensor, "value"))
        default: throw malformed("has an attribute value that is not one number")
        }
    }

    /// start, start + delta … up to, and without, a limit.
    fileprivate mutating func range() throws -> Operand {
        let first = try operand(0)
        if !first.isReal {
            let (start, limit, delta) = (
                try whole(0, "start"), try whole(1, "limit"), try whole(2, "delta")
            )
            guard delta != 0 else { throw malformed("has a delta of 0") }
            let count = try counted((Double(limit) - Double(start)) / Double(delta))
            let numbers = (0..<count).map { start &+ $0 &* delta }
            return constant(whole: WholeTensor(numbers, shape: Shape(axes: [count])), type: first.type)
        }
        let numbers = try (0..<3).map { try givenReal($0, ["start", "limit", "delta"][$0]) }
        guard let start = numbers[0], let limit = numbers[1], let delta = numbers[2], delta != 0 else {
            throw malformed("has no start, limit and delta, or a delta of 0")
        }
        let count = try counted((limit - start) / delta)
        return constant(
            (0..<count).map { start + Double($0) * delta }, shape: Shape(axes: [count]), type: first.type)
    }

    /// A count of elements, as far as they can be.
    private func counted(_ count: Double) throws -> Int {
        guard let whole = Int(exactly: max(0, count).rounded(.up)), whole <= OperatorCatalogue.greatestCount
        else { throw malformed("would make \(count) numbers, and \(OperatorCatalogue.greatestCount) can be") }
        return whole
    }

    fileprivate mutating func identityMatrix() throws -> Operand {
        let x = try operand(0)
        guard x.shape.rank == 2 else { throw malformed("takes a matrix, not a shape of \(x.shape)") }
        let type = node.attributes["dtype"] == nil ? x.type : try typeAttribute("dtype")
        let offset = try int("k", default: 0)
        guard (x.shape.axes + [x.shape.count]).allSatisfy({ $0 <= OperatorCatalogue.greatestCount }) else {
            throw unsupported("shape", x.shape)
        }
        let ones = (0..<x.shape[0]).flatMap { row in
            (0..<x.shape[1]).map { $0.subtractingReportingOverflow(row).partialValue == offset ? 1 : 0 }
        }
        return switch type.kind {
        case .real: constant(ones.map(Double.init), shape: x.shape, type: type)
        case .whole, .condition: constant(whole: WholeTensor(ones, shape: x.shape), type: type)
        case .unsupported: throw unsupported("dtype", type)
        }
    }

    /// The places of numbers that are not 0, one a column.
    fileprivate mutating func nonZero() throws -> Operand {
        let x = try operand(0)
        let places = try (givenReals(0, "X") ?? []).enumerated().filter { $0.element != 0 }.map(\.offset)
        let rows = zip(x.shape.axes, x.shape.strides).flatMap { extent, stride in
            places.map { $0 / stride % extent }
        }
        let shape = Shape(axes: [x.shape.rank, places.count])
        return constant(whole: WholeTensor(rows, shape: shape))
    }

    /// Every number that occurs, once; where first, where each is, and how often.
    fileprivate mutating func unique() throws -> [Operand?] {
        let x = try operand(0)
        if let axis = try givenInt("axis"), x.shape.rank != 1 { throw unsupported("axis", axis) }
        let isSorted = try flag("sorted", default: true)
        func list(_ wholes: [Int]) -> WholeTensor { WholeTensor(wholes, shape: Shape(axes: [wholes.count])) }
        let (values, places): (Operand, [[Int]])
        if x.isReal {
            let found = Occurrences(of: try givenReals(0, "X") ?? [], sorted: isSorted)
            values = constant(found.values, shape: Shape(axes: [found.values.count]), type: x.type)
            places = [found.firsts, found.places, found.counts]
        } else {
            let found = Occurrences(of: try wholes(0, "X"), sorted: isSorted)
            values = constant(whole: list(found.values), type: x.type)
            places = [found.firsts, found.places, found.counts]
        }
        return [values] + places.map { constant(whole: list($0)) }
    }
}

/// The different ones of some numbers.
private struct Occurrences<Number: Hashable & Comparable> {
    /// Each once.
    private(set) var values: [Number] = []
    /// Where each occurs first, and how often.
    private(set) var firsts: [Int] = []
    private(set) var counts: [Int] = []
    /// For every number, which of the different ones it is.
    private(set) var places: [Int] = []

    /// - Parameter isSorted: rather than in the order in which they occur.
    init(of numbers: [Number], sorted isSorted: Bool) {
        let different = Set(numbers)
        values = isSorted ? different.sorted() : []
        var known = Dictionary(values.enumerated().map { ($1, $0) }) { first, _ in first }
        firsts = values.map { _ in -1 }
        counts = values.map { _ in 0 }
        for (index, number) in numbers.enumerated() {
            let place = known[number] ?? values.count
            if place == values.count {
                known[number] = place
                values.append(number)
                firsts.append(-1)
                counts.append(0)
            }
            if firsts[place] < 0 { firsts[place] = index }
            counts[place] += 1
            places.append(place)
        }
    }
}
