import Kernels
import Tensors

/// A family of networks: how many units a depth gives, and how they are arranged in stages.
public protocol Architecture: Sendable {
    /// The word for it on the command line.
    var name: String { get }
    /// Stages of equal numbers of units.
    var stageCount: Int { get }
    /// Side of the stem's filter; `nil` for a fully connected stem that reads the flattened input.
    var stemKernel: Int? { get }
    /// Base width of a stage, in units of the network's base width, and the stride that opens it.
    func stage(_ index: Int) -> (widths: Int, stride: Int)
}

/// The CIFAR networks of the paper: three stages of widths 1, 2, 4 times the base (16), the second and third
/// opened with stride 2.
public struct CIFARArchitecture: Architecture {
    public init() {}
    public var name: String { "cifar" }
    public var stageCount: Int { 3 }
    public var stemKernel: Int? { 3 }
    public func stage(_ index: Int) -> (widths: Int, stride: Int) { (1 << index, index == 0 ? 1 : 2) }
}

/// A fully connected stack of one width: every weight layer is a matrix, x_l is a vector per sample.
public struct DenseArchitecture: Architecture {
    public init() {}
    public var name: String { "dense" }
    public var stageCount: Int { 1 }
    public var stemKernel: Int? { nil }
    public func stage(_ index: Int) -> (widths: Int, stride: Int) { (1, 1) }
}

extension Architecture {
    /// Depth counts weighted layers: the stem, the branches' and the classifier.
    public func depth(unitsPerStage: Int, block: BlockDesign) -> Int {
        stageCount * unitsPerStage * block.layers.count + 2
    }

    /// Units a stage of a network of this depth.
    /// - Throws: `NetworkError.impossibleDepth` with the nearest possible ones.
    public func unitsPerStage(depth: Int, block: BlockDesign) throws -> Int {
        let layers = stageCount * block.layers.count
        let (units, remainder) = (depth - 2).quotientAndRemainder(dividingBy: layers)
        guard depth > 2, remainder == 0, units >= 1 else {
            let below = max(1, (depth - 2) / layers)
            let nearest = depth <= layers + 2 ? [layers + 2] : [below, below + 1].map { $0 * layers + 2 }
            throw NetworkError.impossibleDepth(
                depth: depth, rule: "a \(name) network of \(block.name) blocks has \(layers)n + 2 layers",
                nearest: nearest)
        }
        return units
    }

    /// The paper's block for a depth: bottleneck for 164 and 1001, otherwise the first of basic, bottleneck and
    /// single that fits.
    /// - Throws: `NetworkError.impossibleDepth` if none fits.
    public func defaultBlock(depth: Int) throws -> BlockDesign {
        let order: [BlockDesign] =
            [164, 1001].contains(depth) ? [.bottleneck, .basic, .single] : [.basic, .bottleneck, .single]
        for block in order where (try? unitsPerStage(depth: depth, block: block)) != nil { return block }
        _ = try unitsPerStage(depth: depth, block: .single)
        return .single
    }
}
