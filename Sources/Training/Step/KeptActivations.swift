import Kernels
import ResidualNetworks
import Tensors

/// What a step keeps between its forward and its backward pass, counted without running it.
enum KeptActivations {
    /// More than this and a step saves memory on its own. In a bottleneck network with four times as wide x_l, every
    /// second x_l is a third of what is kept; making it again costs one of three convolutions of every second unit,
    /// counted in multiply-adds 4 % of a step.
    static let comfortableBytes = 4 << 30

    /// Elements of the maps that batch normalisations and rectifiers of the units keep, every x_l among them: as many
    /// for every sample.
    ///
    /// - Parameter economises: whether every second x_l is let go of, as `UnitTape` does.
    static func elements<Scalar: KernelScalar>(
        of network: Network<Scalar>, for input: Shape, economises: Bool
    ) -> Int {
        var shape = network.stem.outputShape(for: input)
        var elements = network.stem.keptElements(for: input) + shape.count
        var keepsInput = true
        let leading = network.design.layout.leading
        for (index, unit) in network.units.enumerated() {
            let output = unit.outputShape(for: shape)
            elements +=
                unit.shortcut.keptElements(for: shape) + unit.branch.keptElements(for: shape)
                + unit.after.keptElements(for: output)
            // A convolution's input that no activation has kept: its filter's gradient asks for it.
            if leading.isEmpty, unit.after.isIdentity { elements += shape.count }
            let letsGo =
                economises && keepsInput && index > 0 && network.units[index - 1].canRepeatOutput
            if letsGo, leading.isEmpty || leading.first == .normalization { elements -= shape.count }
            keepsInput = !letsGo
            shape = output
        }
        return elements
    }
}
