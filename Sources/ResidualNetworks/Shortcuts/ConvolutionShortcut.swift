import Graphs

/// Fig. 2(e), a 1×1 convolution in every unit: h(x) = W_s x, replacing A where the size changes.
///
///     x ── 1×1 conv ──┐
///     └── F(x) ──────(+)
public struct ConvolutionShortcut: ShortcutDesign {
    public init() {}
    public var name: String { "conv1x1" }
    public var matchesSize: Bool { false }

    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        UnitValues(shortcut: try network.pointwiseConvolution(at: place, part: "conv"), branch: branch)
    }
}
