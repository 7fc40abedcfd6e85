/// A model as an ONNX file has it: nothing is resolved, and no weight is read.
///
/// Names of types and fields follow onnx.proto (IR versions 3 to 13).
public struct ModelFile: Sendable {
    public var irVersion: Int
    /// Who wrote the file, and which version of it.
    public var producer: String
    /// Versions of the sets of operators, by domain; that of ONNX itself is “”.
    public var operatorSets: [String: Int]
    public var graph: FileGraph
    /// Functions that nodes of the graph call by domain and name.
    public var functions: [FileFunction]
    public var metadata: [String: String]

    public init(
        irVersion: Int = 10, producer: String = "", operatorSets: [String: Int], graph: FileGraph,
        functions: [FileFunction] = [], metadata: [String: String] = [:]
    ) {
        self.irVersion = irVersion
        self.producer = producer
        self.operatorSets = operatorSets
        self.graph = graph
        self.functions = functions
        self.metadata = metadata
    }
}

/// The graph of a model, or of an attribute of a node that branches or loops.
public struct FileGraph: Sendable {
    public var name: String
    public var nodes: [FileNode]
    public var initializers: [FileTensor]
    /// Inputs that are no initialisers too.
    public var inputs: [FileValue]
    public var outputs: [FileValue]
    /// Whether there are sparse initialisers, which nobody reads.
    public var hasSparseInitializers: Bool

    public init(
        name: String = "", nodes: [FileNode], initializers: [FileTensor] = [], inputs: [FileValue],
        outputs: [FileValue], hasSparseInitializers: Bool = false
    ) {
        self.name = name
        self.nodes = nodes
        self.initializers = initializers
        self.inputs = inputs
        self.outputs = outputs
        self.hasSparseInitializers = hasSparseInitializers
    }
}

/// An input or output with its type.
public struct FileValue: Sendable, Hashable {
    /// The extent of an axis.
    public enum Extent: Sendable, Hashable {
        case fixed(Int)
        /// Named, to be the same wherever the name stands.
        case symbol(String)
        case unknown
    }

    public var name: String
    /// `nil` of sequences, maps and optionals, and where nothing is said.
    public var type: ElementType?
    /// `nil` where not even their number is said.
    public var extents: [Extent]?

    public init(_ name: String, type: ElementType?, extents: [Extent]?) {
        self.name = name
        self.type = type
        self.extents = extents
    }
}

/// A node as it stands in a file.
public struct FileNode: Sendable {
    public var name: String
    /// “” of ONNX itself (“ai.onnx” is read as that).
    public var domain: String
    /// The operator's name.
    public var type: String
    /// “” for those that are left out.
    public var inputs: [String]
    public var outputs: [String]
    public var attributes: [String: Attribute]
    /// Without `stack_trace`, which is never read: it holds paths of the machine that exported the file.
    public var metadata: [String: String]
    /// Tells functions of one name apart.
    public var overload: String

    public init(
        _ type: String, name: String = "", domain: String = "", inputs: [String], outputs: [String],
        attributes: [String: Attribute] = [:], metadata: [String: String] = [:], overload: String = ""
    ) {
        self.name = name
        self.domain = domain
        self.type = type
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.metadata = metadata
        self.overload = overload
    }
}

/// The value of an attribute of a node.
public enum Attribute: Sendable {
    case float(Float)
    case int(Int)
    case string(String)
    case tensor(FileTensor)
    case graph(FileGraph)
    case floats([Float])
    case ints([Int])
    case strings([String])
    /// Of a function's node: what the node that calls the function says under this name.
    case reference(String)
    /// Lists of tensors and graphs, sparse tensors, types: of no operator that is read.
    case other
}

/// A function of a model: nodes that a node stands for.
public struct FileFunction: Sendable {
    public var domain: String
    public var name: String
    public var inputs: [String]
    public var outputs: [String]
    /// Attributes that have no default.
    public var attributes: [String]
    public var defaults: [String: Attribute]
    public var nodes: [FileNode]
    /// As of a model, for its nodes.
    public var operatorSets: [String: Int]
    /// Tells functions of one name apart.
    public var overload: String

    public init(
        domain: String, name: String, inputs: [String], outputs: [String], attributes: [String] = [],
        defaults: [String: Attribute] = [:], nodes: [FileNode], operatorSets: [String: Int] = [:],
        overload: String = ""
    ) {
        self.domain = domain
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.defaults = defaults
        self.nodes = nodes
        self.operatorSets = operatorSets
        self.overload = overload
    }
}
