import Analysis
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

/// A random small residual network with a random batch.
public struct StackCase: PropertyCase {
    public var seed: UInt64
    public var isDense: Bool
    public var block: BlockDesign
    public var layout: UnitLayout
    public var shortcut: any ShortcutDesign
    public var unitsPerStage: Int
    public var width: Int
    public var classes: Int
    public var batch: Int
    /// Side of a square image.
    public var side: Int
    /// Weight layers are scaled by up to 10^±decades.
    public var decades: Double

    /// ReLU, weight …, without the batch normalisation that a leading BN would bring.
    public static let bareLayout = UnitLayout(name: "bare-relu-preact", leading: [.activation])
    public static let layouts = UnitLayout.paper + [bareLayout]

    public init(seed: UInt64) {
        var stream = RandomStream(seed: seed, name: "stack")
        self.seed = seed
        isDense = stream.integer(below: 2) == 0
        block = BlockDesign.paper[stream.integer(below: 3)]
        layout = Self.layouts[stream.integer(below: Self.layouts.count)]
        shortcut = IdentityShortcut()
        unitsPerStage = isDense ? 1 + stream.integer(below: 8) : 1 + stream.integer(below: 3)
        // In a stack of width 1 a channel is a linear function of the one before, and a batch normalisation takes
        // all but ε of it away.
        width = 2 + stream.integer(below: 4)
        classes = 2 + stream.integer(below: 4)
        // A batch normalisation projects two directions out of a channel's elements (its mean and its spread).
        // With hardly more elements than that nothing but rounding noise is left to compare, so a channel has at
        // least eight: 8 vectors, or 2 images whose last stage is 2×2.
        batch = isDense ? 8 + stream.integer(below: 5) : 2 + stream.integer(below: 3)
        side = 5 + stream.integer(below: 4)
        decades = Double(stream.integer(below: 4))
        shortcut = Self.shortcut(stream.integer(below: 8), seed: seed, draw: stream.uniform())
    }

    private static func shortcut(_ kind: Int, seed: UInt64, draw: Double) -> any ShortcutDesign {
        switch kind {
        case 0: IdentityShortcut()
        case 1: NoShortcut()
        case 2: ScalingShortcut(lambda: 2 * draw - 1, mu: 1.5 - draw)
        case 3: PerUnitScaling(seed: seed)
        case 4: ExclusiveGateShortcut(bias: 4 * draw - 3)
        case 5: ShortcutOnlyGateShortcut(bias: 4 * draw - 3)
        case 6: ConvolutionShortcut()
        default: DropoutShortcut(dropProbability: 0.8 * draw)
        }
    }

    public var simpler: [StackCase] {
        var simpler: [StackCase] = []
        func add(if isSimpler: Bool, _ change: (inout StackCase) -> Void) {
            guard isSimpler else { return }
            var copy = self
            change(&copy)
            simpler.append(copy)
        }
        add(if: !isDense) {
            $0.isDense = true
            $0.batch = 8
        }
        add(if: unitsPerStage > 1) { $0.unitsPerStage /= 2 }
        add(if: unitsPerStage > 2) { $0.unitsPerStage -= 1 }
        add(if: width > 2) { $0.width -= 1 }
        add(if: batch > (isDense ? 8 : 2)) { $0.batch -= 1 }
        add(if: decades > 0) { $0.decades -= 1 }
        add(if: block != .single) { $0.block = .single }
        add(if: !(shortcut is IdentityShortcut)) { $0.shortcut = IdentityShortcut() }
        add(if: layout.name != Self.bareLayout.name) { $0.layout = Self.bareLayout }
        add(if: side > 5) { $0.side = 5 }
        return simpler
    }

    public var description: String {
        "\(isDense ? "dense" : "cifar \(side)x\(side)") \(block.name) \(layout.name) \(shortcut.name), "
            + "\(unitsPerStage) units a stage, width \(width), batch \(batch), weights over ±\(decades) decades"
    }

    public var design: NetworkDesign {
        NetworkDesign(
            architecture: isDense ? DenseArchitecture() : CIFARArchitecture(), block: block,
            unitsPerStage: unitsPerStage, layout: layout, shortcut: shortcut, baseWidth: width,
            classes: classes, input: isDense ? Shape(1, 5) : Shape(1, 3, side, side))
    }

    public func network<Scalar: KernelScalar>(
        in precision: Scalar.Type = Scalar.self
    ) throws -> Network<Scalar> {
        try Network(design, parameters: VariedParameters(seed: seed, decades: decades))
    }

    /// - Parameter offset: how far the images are moved, each pixel by a normal draw of this standard deviation.
    public func labelledBatch<Scalar: KernelScalar>(
        in precision: Scalar.Type = Scalar.self, offset: Double = 0
    ) -> LabelledBatch<Scalar> {
        let shape = design.input.with(batch: batch)
        let images: Tensor<Scalar> = randomTensor(shape, seed: seed, name: "images")
        var elements = images.elements
        if offset != 0 {
            let directions: Tensor<Scalar> = randomTensor(shape, seed: seed, name: "offset")
            elements = zip(elements, directions.elements).map { $0 + Scalar(offset) * $1 }
        }
        return LabelledBatch(elements, shape: shape, labels: (0..<batch).map { $0 % classes })
    }
}
