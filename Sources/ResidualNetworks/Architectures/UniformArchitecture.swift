/// A family whose stages all have as many units, any number of them.
public protocol UniformArchitecture: Architecture {}

extension UniformArchitecture {
    public var blocks: [BlockDesign] { BlockDesign.paper }

    public func unitsPerStage(depth: Int, block: BlockDesign) throws -> [Int] {
        let layers = layersPerUnitOfEveryStage(block)
        // Compared before anything is taken away from it: it may be any number.
        guard depth > 2, (depth - 2).isMultiple(of: layers) else {
            throw NetworkError.impossibleDepth(
                depth: depth, rule: "a \(name) network of \(block.name) blocks has \(layers)n + 2 layers",
                nearest: nearestDepths(to: depth, block: block))
        }
        return stages.map { _ in (depth - 2) / layers }
    }

    /// The paper's block for a depth: bottleneck for 164 and 1001, otherwise the first of basic, bottleneck and
    /// single that fits.
    public func defaultBlock(depth: Int) throws -> BlockDesign {
        let order: [BlockDesign] =
            [164, 1001].contains(depth) ? [.bottleneck, .basic, .single] : [.basic, .bottleneck, .single]
        for block in order where (try? unitsPerStage(depth: depth, block: block)) != nil { return block }
        let rules = order.map { "\(layersPerUnitOfEveryStage($0))n + 2 (\($0.name))" }
        throw NetworkError.impossibleDepth(
            depth: depth,
            rule:
                "a \(name) network has \(rules.dropLast().joined(separator: ", ")) or \(rules[rules.count - 1]) layers",
            nearest: nearestDepths(to: depth, block: .single))
    }

    /// Weight layers that one more unit in each stage adds.
    private func layersPerUnitOfEveryStage(_ block: BlockDesign) -> Int {
        stages.count * block.layers.count
    }

    /// On either side; the smallest for what is below it.
    private func nearestDepths(to depth: Int, block: BlockDesign) -> [Int] {
        let layers = layersPerUnitOfEveryStage(block)
        guard depth > layers + 2 else { return [layers + 2] }
        let below = (depth - 2) / layers * layers + 2
        let (above, overflow) = below.addingReportingOverflow(layers)
        return overflow ? [below] : [below, above]
    }
}

/// The CIFAR networks of the paper: three stages of widths 1, 2, 4 times the base (16), the second and third
/// opened with stride 2.
public struct CIFARArchitecture: UniformArchitecture {
    public init() {}
    public var name: String { "cifar" }
    public var stem: StemDesign? { StemDesign(kernel: 3) }
    public var stages: [StageDesign] {
        [
            StageDesign(widths: 1, stride: 1), StageDesign(widths: 2, stride: 2),
            StageDesign(widths: 4, stride: 2),
        ]
    }
    public var baseWidth: Int { 16 }
    public var imageSide: Int { 32 }
    public var classes: Int { 10 }
}

/// A fully connected stack of one width: every weight layer is a matrix, x_l is a vector per sample.
public struct DenseArchitecture: UniformArchitecture {
    public init() {}
    public var name: String { "dense" }
    public var stem: StemDesign? { nil }
    public var stages: [StageDesign] { [StageDesign(widths: 1, stride: 1)] }
    public var baseWidth: Int { 64 }
    public var imageSide: Int { 32 }
    public var classes: Int { 10 }
}
