/// Labelled images that can be reached one by one, as they are before normalisation.
public protocol ImageCollection: Sendable {
    var shape: ImageShape { get }
    var count: Int { get }
    /// The image at an index in `0 ..< count`, (C, H, W), with its class.
    func image(at index: Int) throws -> (pixels: [Float], label: Int)
}

/// Some images of another collection, in an order of their own.
public struct ImageSelection: ImageCollection {
    let base: any ImageCollection
    /// In the base, by their index here.
    public let indices: [Int]

    public init(_ base: any ImageCollection, indices: [Int]) {
        precondition(
            indices.allSatisfy { (0..<base.count).contains($0) }, "an index outside 0 ..< \(base.count)")
        self.base = base
        self.indices = indices
    }

    public var shape: ImageShape { base.shape }
    public var count: Int { indices.count }
    public func image(at index: Int) throws -> (pixels: [Float], label: Int) {
        try base.image(at: indices[index])
    }
}
