import Foundation
import Tensors

extension ReferenceKernels {
    public func addBias(_ x: Tensor<Double>, _ bias: [Double]) -> Tensor<Double> {
        var result = Tensor<Double>(uninitialized: x.shape)
        let (area, channels) = (x.shape.area, x.shape.channels)
        x.withUnsafeBufferPointer { x in
            result.withUnsafeMutableBufferPointer { y in
                for index in 0..<y.count { y[index] = x[index] + bias[index / area % channels] }
            }
        }
        return result
    }

    // A NaN stays a NaN, so that a forward pass that left its range is noticed.
    public func rectify(_ x: Tensor<Double>) -> Tensor<Double> { x.map { $0 <= 0 ? 0 : $0 } }

    public func keep(_ v: Tensor<Double>, wherePositive y: Tensor<Double>) -> Tensor<Double> {
        v.zip(y) { $1 > 0 ? $0 : 0 }
    }

    public func sigmoid(_ x: Tensor<Double>, offset: Double) -> Tensor<Double> {
        // From e^−|x|, which cannot overflow.
        x.map { $0 > 0 ? exp(offset) / (1 + exp(-$0)) : exp($0 + offset) / (1 + exp($0)) }
    }

    public func multiply(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Tensor<Double> { a.zip(b) { $0 * $1 } }

    public func combine(_ x: Tensor<Double>, _ a: Double, _ y: Tensor<Double>, _ b: Double) -> Tensor<Double>
    {
        switch (a == 0, b == 0) {
        case (true, true): Tensor(zeros: x.shape)
        case (true, false): scale(y, by: b)
        case (false, true): scale(x, by: a)
        case (false, false): x.zip(y) { a * $0 + b * $1 }
        }
    }

    public func scale(_ x: Tensor<Double>, by a: Double) -> Tensor<Double> { x.map { a * $0 } }

    public func globalAverage(_ x: Tensor<Double>) throws -> Tensor<Double> {
        let shape = x.shape
        var result = Tensor<Double>(zeros: Shape(shape.batch, shape.channels))
        x.withUnsafeBufferPointer { x in
            result.withUnsafeMutableBufferPointer { y in
                for index in 0..<x.count { y[index / shape.area] += x[index] / Double(shape.area) }
            }
        }
        return result
    }

    public func globalAveragePullback(
        _ cotangent: Tensor<Double>, to input: Shape
    ) throws -> Tensor<Double> {
        var result = Tensor<Double>(uninitialized: input)
        cotangent.withUnsafeBufferPointer { c in
            result.withUnsafeMutableBufferPointer { y in
                for index in 0..<y.count { y[index] = c[index / input.area] / Double(input.area) }
            }
        }
        return result
    }
}
