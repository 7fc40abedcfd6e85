import Graphs
import Operators

/// An operator as units can be held against each other by it: what it does, whatever the width of its tensors.
public struct OperatorSignature: Sendable, Hashable {
    /// Which channels of its input a filter reads.
    public enum Channels: Sendable, Hashable {
        case all, group, own
    }

    /// What it is to a unit.
    public enum Role: Sendable, Hashable {
        case weightLayer, normalization, activation, other
    }

    public let name: String
    /// Extents and strides of the window that it slides over space; none where it slides none.
    public let kernel: [Int]
    public let strides: [Int]
    public let channels: Channels
    /// The fixed number that it multiplies with, where it does that.
    public let factor: Double?
    public let role: Role

    /// - Parameter numbers: those of a parameter or buffer, by name.
    init?(of id: Graph.ValueID, in path: SignalPath, numbers: ModelNumbers) {
        guard let operation = path.graph.nodes[id].operation else { return nil }
        name = operation.name
        let axes = operation.slidingWindow?.axes ?? []
        (kernel, strides) = (axes.map(\.kernel), axes.map(\.stride))
        channels = path.isWeightLayer(id) && !axes.isEmpty ? Self.channels(of: id, in: path) : .all
        factor = operation.role == .elementwiseProduct ? numbers.fixedFactor(of: id, in: path) : nil
        role =
            path.isWeightLayer(id)
            ? .weightLayer
            : path.isNormalization(id) ? .normalization : path.isActivation(id) ? .activation : .other
    }

    /// The same whatever it slides over.
    var withoutWindow: OperatorSignature { OperatorSignature(ofOperator: self) }

    private init(ofOperator other: OperatorSignature) {
        (name, factor, role) = (other.name, other.factor, other.role)
        (kernel, strides, channels) = ([], [], .all)
    }

    /// The second axis of a filter is the channels that it reads.
    private static func channels(of id: Graph.ValueID, in path: SignalPath) -> Channels {
        let operands = path.graph.operands(of: id).map { path.graph.nodes[$0].shape }
        guard operands.count > 1, operands[0].rank > 1, operands[1].rank > 1 else { return .all }
        let (given, read) = (operands[0][1], operands[1][1])
        return read >= given ? .all : read == 1 ? .own : .group
    }
}

extension OperatorSignature: CustomStringConvertible {
    /// Such as “depthwise Conv 3×3/2”, “BN” and “Mul 0.5”.
    public var description: String {
        let words: [String?] = [
            channels == .own ? "depthwise" : channels == .group ? "grouped" : nil,
            OperatorRun.shortName(of: name), window, factor.map { "\($0)" },
        ]
        return words.compactMap(\.self).joined(separator: " ")
    }

    private var window: String? {
        guard !kernel.isEmpty else { return nil }
        let stride =
            Set(strides).count == 1
            ? strides[0].description : strides.map(\.description).joined(separator: ",")
        return kernel.map(\.description).joined(separator: "×") + (stride == "1" ? "" : "/" + stride)
    }
}

/// The numbers that a model is evaluated with, by the names of its parameters and buffers: what is read of weights.
public struct ModelNumbers: Sendable {
    let named: @Sendable (String) -> [Double]?

    /// - Parameter named: `nil` of names that it does not know.
    public init(_ named: @escaping @Sendable (String) -> [Double]?) { self.named = named }

    /// Of a model whose numbers nobody knows.
    public static let unknown = ModelNumbers { _ in nil }

    /// Those of a value that is given with the model; `nil` of others.
    func of(_ node: Graph.Node) -> [Double]? {
        switch node.source {
        case .parameter(let name), .buffer(let name): named(name)
        case .constant(.real(let numbers)): numbers
        default: nil
        }
    }

    /// The one number that a product multiplies the signal with, where it is fixed and not trained.
    func fixedFactor(of product: Graph.ValueID, in path: SignalPath) -> Double? {
        let others = path.graph.operands(of: product).filter { !path.carries($0) }
        guard others.count == 1, path.graph.nodes[others[0]].shape.count == 1 else { return nil }
        return of(path.graph.nodes[others[0]])?.first
    }
}
