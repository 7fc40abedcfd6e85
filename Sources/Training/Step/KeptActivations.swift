import Kernels
import ResidualNetworks
import Tensors

/// What a step keeps between its forward and its backward pass, counted without running it.
enum KeptActivations {
    /// More than this and a step saves memory on its own. In a bottleneck network with four times as wide x_l, every
    /// second x_l is a third of what is kept; making it again costs one of three convolutions of every second unit,
    /// counted in multiply-adds 4 % of a step.
    static let comfortableBytes = 4 << 30

    /// Bytes of the maps that batch normalisations and rectifiers of the units keep, every x_l among them.
    static func bytes<Scalar: KernelScalar>(of network: Network<Scalar>, for input: Shape) -> Int {
        var shape = network.stem.outputShape(for: input)
        var elements = network.stem.keptElements(for: input)
        for unit in network.units {
            let output = unit.outputShape(for: shape)
            elements +=
                unit.shortcut.keptElements(for: shape) + unit.branch.keptElements(for: shape)
                + unit.after.keptElements(for: output)
            shape = output
        }
        return elements * MemoryLayout<Scalar>.stride
    }
}
