import Analysis
import Kernels
import Tensors

/// How many multiplications, each with an addition, this machine does a second: measured on one product of matrices.
struct MultiplicationRate {
    let perSecond: Double

    init<Scalar: KernelScalar>(in precision: Scalar.Type) {
        let side = 512
        let matrix = Tensor<Scalar>(zeros: Shape(axes: [side, side])).map { _ in 1 }
        var best = Duration.seconds(1)
        let clock = ContinuousClock()
        for _ in 0..<4 {
            let start = clock.now
            _ = try? Scalar.kernels.matrixProducts(matrix, matrix)
            best = min(best, clock.now - start)
        }
        perSecond = Double(side * side * side) / max(1e-9, best / .seconds(1))
    }

    /// Of a forward pass, the sweep back that carries g and w through every branch, and the push of two directions where
    /// there are probes. What is not multiplications of weight layers is not counted.
    func seconds<Scalar: KernelScalar>(of analysis: SignalAnalysis<Scalar>) -> Double {
        let products = analysis.multiplyAdds
        let probes = analysis.probedUnits.isEmpty ? 0.0 : 2 * Double(products.backward)
        return (Double(products.forward) + Double(products.backward) + probes) / perSecond
    }
}
