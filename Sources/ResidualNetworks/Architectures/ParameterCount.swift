import NumericalMethods

/// How many parameters a network of a design has, counted on small networks: past the first of a stage all units are alike.
public struct ParameterCount: Sendable, Equatable {
    /// Trainable numbers.
    public let elements: Int
    /// Tensors that they are in.
    public let tensors: Int

    /// - Throws: `NetworkError` and `GraphError` where the design makes no network.
    public init(of design: NetworkDesign) throws {
        let counts = try DesignOutline(of: design).extrapolated { design in
            let parameters = try design.parameters
            return [parameters.reduce(0) { $0 + Double($1.count) }, Double(parameters.count)]
        }
        (elements, tensors) = (Int(saturating: counts[0]), Int(saturating: counts[1]))
    }
}
