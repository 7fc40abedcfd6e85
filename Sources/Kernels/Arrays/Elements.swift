import Tensors

// Functions of single elements, for whatever has no kernel of its own. Written once for both precisions, and compiled for
// each: a function that is only known when it is called costs some nanoseconds an element, not a heap object.
extension KernelSet {
    /// f(x_i) of every element, computed in double precision.
    @specialized(where Self == OneDNNKernels)
    @specialized(where Self == ReferenceKernels)
    public func map(_ x: Tensor<Scalar>, _ f: @escaping (Double) -> Double) -> Tensor<Scalar> {
        fill(like: x) { target, source, range in
            for index in range { target[index] = Scalar(f(Double(source[index]))) }
        }
    }

    /// f(x_i, y_i) of the elements of two tensors of one shape, computed in double precision.
    @specialized(where Self == OneDNNKernels)
    @specialized(where Self == ReferenceKernels)
    public func map(
        _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ f: @escaping (Double, Double) -> Double
    ) -> Tensor<Scalar> {
        let block = x.commonBlock(with: y)
        let (x, y) = (x.reblocked(to: block), y.reblocked(to: block))
        return y.withUnsafeBufferPointer { other in
            let other = Unchecked(other)
            return fill(like: x) { target, source, range in
                for index in range {
                    target[index] = Scalar(f(Double(source[index]), Double(other.value[index])))
                }
            }
        }
    }

    /// A tensor of one's extent, filled range by range on all threads.
    @inline(__always)
    private func fill(
        like x: Tensor<Scalar>,
        _ body:
            @escaping (UnsafeMutableBufferPointer<Scalar>, UnsafeBufferPointer<Scalar>, Range<Int>) -> Void
    ) -> Tensor<Scalar> {
        var result = Tensor<Scalar>(uninitialized: x.shape, block: x.block)
        x.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { target in
                let (source, target) = (Unchecked(source), Unchecked(target))
                forEachRange(of: target.value.count) { body(target.value, source.value, $0) }
            }
        }
        // f(0) need not be 0.
        if result.isPadded { result.clearPadding() }
        return result
    }
}

/// Runs `body` over ranges that together are 0 ..< count, on as many threads as compute. What it writes must follow from
/// the index alone.
func forEachRange(of count: Int, _ body: @escaping (Range<Int>) -> Void) {
    let chunk = 1 << 13
    // Some nanoseconds an element, which is as much as a dozen multiply-adds.
    forEachIndex(below: (count + chunk - 1) / chunk, cost: count * 12) { index in
        body(index * chunk..<min(count, (index + 1) * chunk))
    }
}

/// A pointer that threads may share, as each writes its own part of what it points to.
struct Unchecked<Pointer>: @unchecked Sendable {
    let value: Pointer
    init(_ value: Pointer) { self.value = value }
}
