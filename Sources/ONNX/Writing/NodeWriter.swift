import Graphs
import Operators
import Tensors

/// The nodes of a file in the making: those of one value after another.
///
/// A value that takes several nodes lends them its name: what lies on the way to `conv1.activation` is
/// `conv1.activation/Sigmoid`.
struct NodeWriter {
    /// The operands of an operator, as values of the file, and the shapes.
    struct Operands {
        let names: [String]
        let shapes: [Shape]
        let result: Shape
    }

    /// The type of real numbers.
    let numbers: ElementType
    private(set) var nodes: [FileNode] = []
    /// Those that nodes ask for and the network has not.
    private(set) var initializers: [FileTensor] = []
    private var valueNames = NamesInUse()
    private var nodeNames = NamesInUse()
    /// The name of the value that is being made, and of the node that makes it.
    private(set) var result = ""
    private var place = ""

    init(numbers: ElementType) { self.numbers = numbers }

    /// The name for a value, or one like it where that is taken.
    mutating func unique(_ name: String) -> String { valueNames.take(name) }

    /// Gives a name back, for the value that is to bear it.
    mutating func release(_ name: String) { valueNames.release(name) }

    /// Makes a value of the graph.
    ///
    /// - Parameter make: writes nodes and says which value is meant; `nil` where there is no way to write it.
    /// - Returns: its name in the file.
    mutating func making(
        _ name: String, label: String, _ make: (inout NodeWriter) throws -> String?
    ) rethrows -> String? {
        result = unique(name)
        place = nodeNames.take(
            label == name
                ? Self.place(of: result) : "/\(label)/\(result.split(separator: "/").last ?? "")")
        let first = nodes.count
        guard let value = try make(&self) else { return nil }
        guard let last = nodes.indices.last, last >= first, nodes[last].outputs[0] == value else {
            // It is one of the operands.
            nodes.append(FileNode("Identity", name: place, inputs: [value], outputs: [result]))
            return result
        }
        (nodes[last].outputs[0], nodes[last].name) = (result, place)
        return result
    }

    /// “/units.0.branch/conv1” of units.0.branch.conv1: what a reader takes for the module and the node in it.
    private static func place(of name: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return name }
        return "/\(name[..<dot])/\(name[name.index(after: dot)...])"
    }

    /// Adds a node.
    ///
    /// - Parameters:
    ///   - reals: attributes that are real numbers, with the digits that a file has room for elsewhere.
    ///   - further: outputs behind the first.
    /// - Returns: the first output's name.
    mutating func node(
        _ type: String, _ inputs: [String], _ attributes: [String: Attribute] = [:],
        reals: [String: Double] = [:], further: [String] = []
    ) -> String {
        let output = unique("\(result)/\(type)")
        let others = further.map { unique("\(result)/\($0)") }
        var node = FileNode(
            type, name: nodeNames.take("\(place)/\(type)"), inputs: inputs, outputs: [output] + others,
            attributes: attributes)
        for (name, number) in reals {
            node.attributes[name] = .float(Float(number))
            node.metadata.merge(AttributeDigits.metadata(name, number)) { $1 }
        }
        nodes.append(node)
        return output
    }

    /// Adds an initialiser of one number, repeated.
    ///
    /// - Returns: its name.
    mutating func initializer(_ name: String, repeating number: Double, count: Int) -> String {
        let name = unique(name)
        initializers.append(
            FileTensor(
                name, type: numbers, shape: Shape(axes: [count]),
                content: .reals(Array(repeating: number, count: count))))
        return name
    }

    /// Adds numbers that are fixed.
    mutating func constant(_ constant: Graph.Constant, _ shape: Shape) -> String {
        switch constant {
        case .real(let reals): self.reals(reals, shape)
        case .whole(let wholes): self.constant(.wholes(wholes), .int64, shape)
        }
    }

    mutating func number(_ number: Double) -> String { reals([number], Shape(axes: [])) }

    /// A list, as axes and extents are.
    mutating func wholes(_ wholes: [Int]) -> String {
        constant(.wholes(wholes), .int64, Shape(axes: [wholes.count]))
    }

    /// A graph takes a single number with all its digits, and so it is written: another program rounds it where it is
    /// cast.
    private mutating func reals(_ reals: [Double], _ shape: Shape) -> String {
        let loses = numbers == .float32 && reals.count == 1 && Double(Float(reals[0])) != reals[0]
        guard loses, !reals[0].isNaN else { return constant(.reals(reals), numbers, shape) }
        return node(
            "Cast", [constant(.reals(reals), .float64, shape)], ["to": .int(numbers.rawValue)])
    }

    private mutating func constant(
        _ content: FileTensor.Content, _ type: ElementType, _ shape: Shape
    ) -> String {
        node("Constant", [], ["value": .tensor(FileTensor("", type: type, shape: shape, content: content))])
    }
}

/// Names that are borne already.
private struct NamesInUse {
    private var names: Set<String> = []

    /// The name, or one like it where that is taken.
    mutating func take(_ name: String) -> String {
        var (candidate, count) = (name.isEmpty ? "value" : name, 0)
        while !names.insert(candidate).inserted {
            count += 1
            candidate = "\(name)_\(count)"
        }
        return candidate
    }

    mutating func release(_ name: String) { names.remove(name) }
}
