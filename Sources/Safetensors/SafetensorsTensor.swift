/// A named tensor to be written, with a way to get at its bytes when their turn comes.
///
/// The bytes are lent piece by piece, so that weights need not lie in memory twice.
public struct SafetensorsTensor {
    /// Takes the next bytes of a tensor; may be called any number of times.
    public typealias Sink = (UnsafeRawBufferPointer) throws -> Void

    public let name: String
    public let type: SafetensorsType
    public let shape: [Int]
    let stream: (Sink) throws -> Void

    /// A tensor whose elements `stream` hands over in order, row-major, when it is
    /// written; a number of bytes other than the shape's is an error then.
    public init(
        _ name: String, type: SafetensorsType, shape: [Int],
        stream: @escaping (_ sink: Sink) throws -> Void
    ) {
        self.name = name
        self.type = type
        self.shape = shape
        self.stream = stream
    }

    /// A tensor of elements that lie in an array.
    public init<Scalar: SafetensorsScalar>(_ name: String, shape: [Int], _ elements: [Scalar]) {
        self.init(name, type: Scalar.safetensorsType, shape: shape) { sink in
            try elements.withUnsafeBytes(sink)
        }
    }

    /// Bytes that the shape asks for.
    func byteCount() throws(SafetensorsError) -> Int {
        guard let count = type.byteCount(ofShape: shape) else { throw .badShape(name, shape) }
        return count
    }
}

extension SafetensorsType {
    /// Bytes of a tensor of this shape; nil where an extent is negative or the
    /// product does not fit an `Int`.
    func byteCount(ofShape shape: [Int]) -> Int? {
        var count = size
        for extent in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow else { return nil }
            count = product
        }
        return count
    }
}
