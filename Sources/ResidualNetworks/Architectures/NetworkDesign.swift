import Kernels
import Tensors

/// Everything that defines a network but its parameters' values.
public struct NetworkDesign: Sendable {
    public var architecture: any Architecture
    public var block: BlockDesign
    public var unitsPerStage: Int
    public var layout: UnitLayout
    public var shortcut: any ShortcutDesign
    /// Base width of the first stage: inner width of a bottleneck, width of the others.
    public var baseWidth: Int
    public var classes: Int
    /// Shape of one input image (batch size 1).
    public var input: Shape

    public init(
        architecture: any Architecture = CIFARArchitecture(), block: BlockDesign, unitsPerStage: Int,
        layout: UnitLayout = .fullPreactivation, shortcut: any ShortcutDesign = IdentityShortcut(),
        baseWidth: Int = 16, classes: Int = 10, input: Shape = Shape(1, 3, 32, 32)
    ) {
        self.architecture = architecture
        self.block = block
        self.unitsPerStage = unitsPerStage
        self.layout = layout
        self.shortcut = shortcut
        self.baseWidth = baseWidth
        self.classes = classes
        self.input = input
    }

    public var depth: Int { architecture.depth(unitsPerStage: unitsPerStage, block: block) }
    /// L.
    public var unitCount: Int { architecture.stageCount * unitsPerStage }

    /// Shape of x_0, batch size 1. The stem has the first stage's base width; a fully connected stem the full one.
    public var stemOutput: Shape {
        let base = architecture.stage(0).widths * baseWidth
        guard architecture.stemKernel != nil else { return Shape(1, base * block.expansion) }
        return Shape(1, base, input.height, input.width)
    }
}
