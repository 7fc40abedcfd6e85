import ResidualNetworks
import Tensors

/// The networks that claims are measured on: small enough that all of them take seconds.
extension NetworkDesign {
    /// Three stages of convolutional units on 8 × 8 images, 8, 16 and 32 channels wide.
    static func images(
        unitsPerStage: Int, block: BlockDesign = .basic, layout: UnitLayout = .fullPreactivation,
        shortcut: any ShortcutDesign = IdentityShortcut()
    ) -> NetworkDesign {
        NetworkDesign(
            block: block, unitsPerStage: unitsPerStage, layout: layout, shortcut: shortcut, baseWidth: 8,
            input: Shape(1, 3, 8, 8))
    }

    /// One stage of fully connected units on vectors of 16 features.
    static func vectors(
        units: Int, block: BlockDesign = .basic, layout: UnitLayout = .fullPreactivation,
        shortcut: any ShortcutDesign = IdentityShortcut()
    ) -> NetworkDesign {
        NetworkDesign(
            architecture: DenseArchitecture(), block: block, unitsPerStage: units, layout: layout,
            shortcut: shortcut, baseWidth: 16 / block.expansion, input: Shape(1, 12))
    }

    /// Such as “cifar, depth 26, full-preact, scale0.5”.
    var summary: String { "\(architecture.name), depth \(depth), \(layout.name), \(shortcut.name)" }
}
