import Graphs
import Operators

/// What a model of any origin is made of: its layers, its units, and what in them is rarely meant.
public struct ModelStructure: Sendable {
    public let model: ResidualModel
    public let units: [UnitStructure]
    /// Before x_0 and behind x_L.
    public let stem: [OperatorSignature]
    public let head: [OperatorSignature]
    public let listing: LayerListing
    let numbers: ModelNumbers

    /// - Parameters:
    ///   - parameters: how many trainable numbers a value has, of parameters.
    ///   - numbers: what the model is evaluated with.
    public init(
        _ model: ResidualModel, parameters: [Graph.ValueID: Int], numbers: ModelNumbers = .unknown
    ) {
        self.model = model
        self.numbers = numbers
        let path = model.path
        func run(_ starts: [Graph.ValueID], _ ends: [Graph.ValueID]) -> [OperatorSignature] {
            path.computing(from: starts, to: ends).compactMap {
                OperatorSignature(of: $0, in: path, numbers: numbers)
            }
        }
        units = model.units.indices.map { UnitStructure($0, of: model, numbers: numbers) }
        stem = run([], model.rows[0].values)
        head = run(model.rows.last?.values ?? [], [path.graph.output])
        listing = LayerListing(model, parameters: parameters, omittingMovement: true)
    }

    /// The units as runs of such that are made alike.
    public var repetitions: [UnitRepetition] {
        UnitRepetition.all(of: units.count) { first, second in units[first].repeats(units[second]) }
    }

    /// In the order of the checks, each in the order of computation. That a unit is unlike its neighbours is told where
    /// nothing says more of it.
    public var findings: [StructureFinding] {
        let ofUnits = shortcutActivations + repeatedActivations + missingActivations + repeatedOperands
        let told = Set(ofUnits.flatMap(\.units))
        return missingShortcuts + ofUnits + oddUnits.filter { !told.contains($0.units[0]) } + sharedWeights
            + fixedKernels
    }

    func name(_ value: Graph.ValueID) -> String { model.path.graph.nodes[value].name }
    func label(_ value: Graph.ValueID) -> String { model.path.graph.nodes[value].label }

    /// The unit in whose h, F or f a value stands; `nil` in the stem and the head.
    ///
    /// Units follow each other in the order of computation, each up to x_{l+1}.
    func unit(of value: Graph.ValueID) -> Int? {
        let ends = model.rows.map { $0.values.max() ?? 0 }
        guard value > ends[0] else { return nil }
        return ends.dropFirst().firstIndex { value <= $0 }.map { $0 - 1 }
    }
}

extension SignalPath {
    /// A function of every element that is no multiple of it: ReLU, GELU, a sigmoid.
    func isActivation(_ id: Graph.ValueID) -> Bool {
        guard let operation = graph.nodes[id].operation, carries(id) else { return false }
        return operation is any ElementwiseOperator && !operation.isLinear(in: [0], of: 1)
            && !Self.arithmetic.contains(operation.name)
    }

    /// Functions of elements that are parts of something written out (a normalisation, an attention, rotary positions)
    /// rather than activations.
    private static let arithmetic: Set = [
        "Neg", "Abs", "Reciprocal", "Sqrt", "Exp", "Log", "Sin", "Cos", "Cast", "Floor", "Ceil", "Round",
        "Sign",
    ]

    /// Normalisation by statistics of batch or sample, as one operator.
    func isNormalization(_ id: Graph.ValueID) -> Bool {
        guard let operation = graph.nodes[id].operation, carries(id) else { return false }
        if case .normalization = operation.role { return true }
        return operation is Standardization
    }

    /// What a value is, looked at through operators that only move data.
    func source(of id: Graph.ValueID) -> Graph.ValueID {
        var id = id
        while movesData(id), let operand = signalOperands(of: id).first { id = operand.value }
        return id
    }
}
