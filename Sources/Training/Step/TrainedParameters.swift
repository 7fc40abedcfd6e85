import Kernels
import ResidualNetworks
import Tensors

/// The parameters of a network in training, with their velocities. Steps give them to a network that was built once, of
/// shapes alone: it stays, and they are what changes.
public struct TrainedParameters<Scalar: KernelScalar>: Sendable {
    /// One trainable tensor.
    public struct Entry: Sendable {
        public let name: String
        /// As exported: (O, I, k, k), (C) or (classes, features).
        public let dimensions: [Int]
        public let role: ParameterRole
        public internal(set) var values: Tensor<Scalar>
        /// v, of the same extent.
        public internal(set) var velocity: Tensor<Scalar>
    }

    /// In the order of computation.
    public internal(set) var entries: [Entry]
    private let index: [String: Int]

    private init(entries: [Entry]) {
        self.entries = entries
        index = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
    }

    /// The parameters of a design as a source draws them, at rest.
    public init(_ design: NetworkDesign, from source: any ParameterSource) throws {
        let network = try Network<Scalar>(design, parameters: source)
        self.init(
            entries: network.parameters.map { parameter in
                Entry(
                    name: parameter.name, dimensions: parameter.dimensions, role: parameter.role,
                    values: parameter.values.reshaped(Shape(parameter.count, 1)),
                    velocity: Tensor(zeros: Shape(parameter.count, 1)))
            })
    }

    /// The parameters of a design as they were kept, in motion.
    ///
    /// - Parameters:
    ///   - values: by name, row-major.
    ///   - velocities: by name; 0 where there is none.
    /// - Throws: `TrainingError.missingParameter`, `.unknownParameter` or `.otherDimensions`, with the first in the
    ///   order of computation.
    public init(
        _ design: NetworkDesign, values: [String: [Scalar]], velocities: [String: [Scalar]] = [:]
    ) throws {
        let parameters = try design.parameters
        let entries = try parameters.map { parameter in
            let (name, dimensions) = (parameter.name, parameter.dimensions)
            func tensor(_ elements: [Scalar]) throws -> Tensor<Scalar> {
                guard elements.count == parameter.count else {
                    throw TrainingError.otherDimensions(
                        name: name, expected: dimensions, found: [elements.count])
                }
                return Tensor(elements, shape: Shape(parameter.count, 1))
            }
            guard let own = values[name] else { throw TrainingError.missingParameter(name: name) }
            return Entry(
                name: name, dimensions: dimensions, role: parameter.role, values: try tensor(own),
                velocity: try velocities[name].map(tensor) ?? Tensor(zeros: Shape(parameter.count, 1)))
        }
        self.init(entries: entries)
        let names = Set(values.keys).union(velocities.keys).sorted()
        if let unknown = names.first(where: { index[$0] == nil }) {
            throw TrainingError.unknownParameter(name: unknown)
        }
    }

    public subscript(name: String) -> Entry? { index[name].map { entries[$0] } }
    public var count: Int { entries.reduce(0) { $0 + $1.values.shape.count } }
}

extension TrainedParameters: ParameterSource {
    /// - Throws: `TrainingError.otherDimensions` for a parameter that has another extent in the design asked for.
    public func values<Wanted: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) throws -> Tensor<Wanted> {
        guard let entry = self[name] else {
            throw TrainingError.missingParameter(name: name)
        }
        guard entry.dimensions == dimensions else {
            throw TrainingError.otherDimensions(name: name, expected: dimensions, found: entry.dimensions)
        }
        return entry.values as? Tensor<Wanted> ?? entry.values.converted()
    }
}
