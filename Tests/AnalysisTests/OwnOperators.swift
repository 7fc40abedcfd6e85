import Analysis
import Foundation
import Graphs
import Kernels
import Operators
import ProofSupport
import Synchronization
import Tensors

/// An operator of one's own on single elements, with a derivative for each direction.
struct OwnFunction: Operator {
    var name = "OwnFunction"
    let value: @Sendable (Double) -> Double
    let jvp: @Sendable (Double) -> Double
    let vjp: @Sendable (Double) -> Double
    var reads = Reads(operands: [0])

    init(
        _ value: @escaping @Sendable (Double) -> Double, jvp: @escaping @Sendable (Double) -> Double,
        vjp: (@Sendable (Double) -> Double)? = nil
    ) {
        self.value = value
        self.jvp = jvp
        self.vjp = vjp ?? jvp
    }

    func shape(of operands: [Shape]) throws -> Shape { operands[0] }
    func reads(for slot: Int) -> Reads { reads }

    func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        Evaluation(try operands[0].tensor.map { Scalar(value(Double($0))) })
    }

    func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        ScaledTensor(cotangent.zip(try point.tensor(0)) { $0 * Scalar(vjp(Double($1))) })
    }

    func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        ScaledTensor(tangent.zip(try point.tensor(0)) { $0 * Scalar(jvp(Double($1))) })
    }
}

/// y_i = φ(a_i)·b_{i+1}, places counted in a ring: no Jacobian is diagonal in a shape of one operand alone. The derivatives of
/// one direction and slot are multiplied by a factor.
struct RingProduct: Operator {
    enum Direction { case jvp, vjp, pullBack }

    let name = "RingProduct"
    var phi: @Sendable (Double) -> Double = { sin($0) }
    var slope: @Sendable (Double) -> Double = { cos($0) }
    var factor: @Sendable (Direction, Int) -> Double = { _, _ in 1 }

    func shape(of operands: [Shape]) throws -> Shape { operands[0] }
    func reads(for slot: Int) -> Reads { Reads(operands: [0, 1]) }

    func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let (a, b) = (try operands[0].tensor.doubles, try operands[1].tensor.doubles)
        return Evaluation(
            Tensor(
                rounding: a.indices.map { phi(a[$0]) * b[($0 + 1) % b.count] }, shape: operands[0].shape))
    }

    func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let (a, b, t) = (try point.tensor(0).doubles, try point.tensor(1).doubles, tangent.doubles)
        let pushed = a.indices.map { i in
            let next = (i + 1) % b.count
            return factor(.jvp, slot) * (slot == 0 ? slope(a[i]) * t[i] * b[next] : phi(a[i]) * t[next])
        }
        return ScaledTensor(Tensor(rounding: pushed, shape: point.resultShape))
    }

    func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { try pulled(cotangent, to: slot, at: point, factor(.vjp, slot)) }

    func pullBack<Scalar: KernelScalar>(
        _ cotangent: consuming Cotangent<Scalar>, to slots: [Int], at point: Point<Scalar>
    ) throws -> [Cotangent<Scalar>] {
        let cotangent = (consume cotangent).resolve().plain
        return try slots.map {
            let factor = factor(.vjp, $0) * factor(.pullBack, $0)
            return .resolved(try pulled(cotangent, to: $0, at: point, factor))
        }
    }

    private func pulled<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>, _ factor: Double
    ) throws -> ScaledTensor<Scalar> {
        let (a, b, u) = (try point.tensor(0).doubles, try point.tensor(1).doubles, cotangent.doubles)
        var pulled = [Double](repeating: 0, count: a.count)
        for i in a.indices {
            let next = (i + 1) % b.count
            if slot == 0 { pulled[i] += factor * slope(a[i]) * b[next] * u[i] }
            if slot == 1 { pulled[next] += factor * phi(a[i]) * u[i] }
        }
        return ScaledTensor(Tensor(rounding: pulled, shape: point.shapes[slot]))
    }
}

/// x, and noise of its own: another one at each evaluation.
final class NoisyIdentity: Operator {
    let name = "NoisyIdentity"
    private let calls = Atomic(0)

    func shape(of operands: [Shape]) throws -> Shape { operands[0] }

    func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let call = Scalar(calls.add(1, ordering: .relaxed).newValue)
        return Evaluation(try operands[0].tensor.map { $0 + call / 1024 })
    }

    func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(cotangent) }

    func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(tangent) }
}

/// x, with a value or a cotangent of another shape than it says.
struct Misshapen: Operator {
    let name = "Misshapen"
    let value: Bool

    func shape(of operands: [Shape]) throws -> Shape { operands[0] }

    private func turned<Scalar>(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
        tensor.reshaped(Shape(axes: tensor.shape.axes.reversed()))
    }

    func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        Evaluation(value ? turned(try operands[0].tensor) : try operands[0].tensor)
    }

    func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(turned(cotangent)) }

    func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(tangent) }
}

/// The report on one operator, whose operands are inputs of a graph.
func derivativeReport(
    on operation: any Operator, _ operands: [Tensor<Double>], seed: UInt64
) throws -> DerivativeReport {
    var builder = GraphBuilder()
    let inputs = operands.indices.map { builder.input("x\($0)", shape: operands[$0].shape) }
    let y = try builder.apply(operation, to: inputs, label: "own")
    let arguments = operands.enumerated().map { ("x\($0.offset)", Value($0.element)) }
    return try DerivativeCheck(seed: seed).report(
        on: builder.graph(output: y), GraphArguments(inputs: Dictionary(uniqueKeysWithValues: arguments)))
}

/// An operand, (5, 8).
func normals(seed: UInt64, _ name: String = "x") -> Tensor<Double> {
    randomTensor(Shape(axes: [5, 8]), seed: seed, name: name)
}

/// What a ReLU leaves: half of it is exactly 0.
func rectified(seed: UInt64) -> Tensor<Double> { normals(seed: seed).map { max(0, $0) } }
