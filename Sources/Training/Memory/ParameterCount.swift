import Kernels
import NumericalMethods
import ResidualNetworks

/// How many parameters a network of a design has, counted without building it.
struct ParameterCount {
    /// Trainable numbers.
    let elements: Int
    /// Tensors that they are in.
    let tensors: Int

    init(of design: NetworkDesign) throws {
        let counts = try DesignOutline(of: design).extrapolated { design in
            let parameters = try design.parameters
            return [parameters.reduce(0) { $0 + Double($1.count) }, Double(parameters.count)]
        }
        (elements, tensors) = (Int(saturating: counts[0]), Int(saturating: counts[1]))
    }
}
