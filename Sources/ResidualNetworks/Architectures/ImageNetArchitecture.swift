import Kernels

/// The ImageNet networks: a 7×7 stem of stride 2 with max pooling, four stages of widths 1, 2, 4, 8 times the base
/// (64), the last three opened with stride 2.
///
/// Depths and units: Table 1 of He, Zhang, Ren and Sun, “Deep Residual Learning for Image Recognition” (2016); depth
/// 200 is the paper's. Size and width change by 1×1 projections, in basic blocks too (option B of that paper), as
/// the public implementations have it.
public struct ImageNetArchitecture: Architecture {
    public init() {}
    public var name: String { "imagenet" }
    public var stem: StemDesign? {
        StemDesign(kernel: 7, stride: 2, pooling: PoolingWindow(kernel: 3, stride: 2, padding: 1))
    }
    public var stages: [StageDesign] {
        [
            StageDesign(widths: 1, stride: 1), StageDesign(widths: 2, stride: 2),
            StageDesign(widths: 4, stride: 2), StageDesign(widths: 8, stride: 2),
        ]
    }
    public var blocks: [BlockDesign] { [.basic.matching(by: .projection), .bottleneck] }
    public var baseWidth: Int { 64 }
    public var imageSide: Int { 224 }
    public var classes: Int { 1000 }

    /// A network that was published.
    private struct Member {
        let depth: Int
        let block: BlockDesign
        let units: [Int]
    }

    private var members: [Member] {
        let (basic, bottleneck) = (blocks[0], blocks[1])
        return [
            Member(depth: 18, block: basic, units: [2, 2, 2, 2]),
            Member(depth: 34, block: basic, units: [3, 4, 6, 3]),
            Member(depth: 50, block: bottleneck, units: [3, 4, 6, 3]),
            Member(depth: 101, block: bottleneck, units: [3, 4, 23, 3]),
            Member(depth: 152, block: bottleneck, units: [3, 8, 36, 3]),
            Member(depth: 200, block: bottleneck, units: [3, 24, 36, 3]),
        ]
    }

    public func unitsPerStage(depth: Int, block: BlockDesign) throws -> [Int] {
        let possible = members.filter { $0.block.name == block.name }
        guard let member = possible.first(where: { $0.depth == depth }) else {
            throw impossible(
                depth, among: possible.isEmpty ? members : possible,
                of: possible.isEmpty ? "basic or bottleneck" : block.name)
        }
        return member.units
    }

    public func defaultBlock(depth: Int) throws -> BlockDesign {
        guard let member = members.first(where: { $0.depth == depth }) else {
            throw impossible(depth, among: members, of: "basic or bottleneck")
        }
        return member.block
    }

    private func impossible(_ depth: Int, among members: [Member], of blocks: String) -> NetworkError {
        let depths = members.map(\.depth)
        let nearest = [depths.last { $0 <= depth }, depths.first { $0 > depth }].compactMap(\.self)
        let list = depths.map(String.init).joined(separator: ", ")
        return .impossibleDepth(
            depth: depth, rule: "an \(name) network of \(blocks) blocks has one of \(list) layers",
            nearest: nearest)
    }
}
