import NumericalMethods
import Tensors

/// Classes that an output is to have: one of every image, every token or every place of a map.
public struct Labels: Sendable, Hashable {
    /// The label of what does not count, such as padding.
    public static let ignored = -100

    /// In row-major order.
    public let elements: [Int]
    public let shape: Shape

    /// - Parameter elements: as many as the shape has.
    public init(_ elements: [Int], shape: Shape) {
        precondition(elements.count == shape.count, "\(elements.count) labels for shape \(shape)")
        self.elements = elements
        self.shape = shape
    }

    /// One a sample, (N).
    public init(_ elements: [Int]) { self.init(elements, shape: Shape(axes: [elements.count])) }

    /// Labels that are independent and uniform over the classes: those of the stream `labels` of a seed, in row-major order.
    ///
    /// - Throws: `LossError.classesOfRandomLabels`, unless there are 1 to 2³² − 1 classes.
    public static func random(seed: UInt64, shape: Shape, classes: Int) throws(LossError) -> Labels {
        guard (1...Int(UInt32.max)).contains(classes) else { throw .classesOfRandomLabels(classes) }
        var stream = RandomStream(seed: seed, name: "labels")
        return Labels(stream.integers(shape.count, below: classes), shape: shape)
    }
}
