import Analysis
import Kernels
import ResidualNetworks
import Tensors

/// A forward pass unit by unit, with every value kept.
struct ForwardSteps<Scalar: KernelScalar> {
    /// x_0 … x_L.
    let states: [Tensor<Scalar>]
    /// h, F, y and f of every unit, with their derivatives.
    let units: [LinearizedUnit<Scalar>]
    let stages: StagePartition

    init(_ network: Network<Scalar>, on input: Tensor<Scalar>, in pass: ForwardPass) throws {
        var states = [try network.x0(of: input, in: pass)]
        var units: [LinearizedUnit<Scalar>] = []
        for unit in network.units {
            let linearized = try unit.linearize(states[states.count - 1], in: pass)
            units.append(linearized)
            states.append(linearized.output)
        }
        self.states = states
        self.units = units
        stages = StagePartition(shapes: states.map(\.shape))
    }

    /// The l of units that keep the size of x_l.
    var unitsOfOneSize: [Int] { units.indices.filter { states[$0].shape == states[$0 + 1].shape } }
}
