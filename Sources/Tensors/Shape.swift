/// The extent of a tensor along each of its axes, at most eight.
///
/// A batch of images is (N, C, H, W), a batch of sequences (N, T, D). What is asked of feature maps (`channels`, `area`)
/// takes the first axis for the batch, the second for the channels and all others for space.
public struct Shape: Hashable, Sendable {
    /// Axes that there can be.
    public static let greatestRank = 8

    /// Number of axes; 0 of a scalar.
    public private(set) var rank: Int
    // In place rather than in an array: shapes are made by the thousand in a step. Unused ones are 1.
    private var extents = InlineArray<8, Int>(repeating: 1)

    /// - Parameter axes: at most `greatestRank` of them.
    @specialized(where Axes == [Int])
    @specialized(where Axes == ArraySlice<Int>)
    public init<Axes: Collection<Int>>(axes: Axes) {
        precondition(axes.count <= Self.greatestRank, "\(axes.count) axes")
        rank = axes.count
        for (axis, extent) in axes.enumerated() { extents[axis] = extent }
    }

    /// A batch of feature maps (N, C, H, W); of vectors with H = W = 1.
    public init(_ batch: Int, _ channels: Int, _ height: Int = 1, _ width: Int = 1) {
        rank = 4
        (extents[0], extents[1], extents[2], extents[3]) = (batch, channels, height, width)
    }

    /// The extent along an axis.
    public subscript(axis: Int) -> Int {
        get {
            precondition(axis >= 0 && axis < rank, "axis \(axis) of \(self)")
            return extents[axis]
        }
        set {
            precondition(axis >= 0 && axis < rank, "axis \(axis) of \(self)")
            extents[axis] = newValue
        }
    }

    public static func == (a: Shape, b: Shape) -> Bool {
        a.rank == b.rank && a.extents.indices.allSatisfy { a.extents[$0] == b.extents[$0] }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(rank)
        for axis in 0..<rank { hasher.combine(extents[axis]) }
    }

    public var axes: [Int] { (0..<rank).map { extents[$0] } }
    /// Elements: the product over all axes.
    public var count: Int { (0..<rank).reduce(1) { $0 * extents[$1] } }
    /// How far apart neighbours along each axis lie in row-major order.
    public var strides: [Int] {
        var strides = Array(repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * extents[axis + 1]
        }
        return strides
    }
    /// Elements of a part of the axes, such as those behind one.
    public func count(of range: some RangeExpression<Int>) -> Int {
        range.relative(to: 0..<rank).reduce(1) { $0 * extents[$1] }
    }
}

/// As of a batch of feature maps. Axes that are not there count as 1.
extension Shape {
    public var batch: Int {
        get { extents[0] }
        set { extents[0] = newValue }
    }
    public var channels: Int {
        get { extents[1] }
        set { extents[1] = newValue }
    }
    public var height: Int { extents[2] }
    public var width: Int { extents[3] }
    /// Places in space: H·W of images.
    public var area: Int { rank < 3 ? 1 : (2..<rank).reduce(1) { $0 * extents[$1] } }
    /// Whether x_l is a vector per sample rather than a map.
    public var isVector: Bool { area == 1 }

    /// The same extent with another number of channels.
    public func with(channels: Int) -> Shape {
        var shape = self
        shape.channels = channels
        return shape
    }
    /// The same extent with another batch size.
    public func with(batch: Int) -> Shape {
        var shape = self
        shape.batch = batch
        return shape
    }
}

extension Shape: CustomStringConvertible {
    public var description: String { "(\(axes.map(String.init).joined(separator: ", ")))" }
}
