import ArgumentParser
import Foundation
import Kernels
import Machine
import Tensors

/// `measure-convolutions`: the convolutions of the CIFAR networks one by one, cut into pieces as a training step cuts
/// them, against the machine's rate of multiply-adds.
@main
struct MeasureConvolutions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure-convolutions",
        abstract: "Time weight layers of the CIFAR networks against the peak rate of multiply-adds.")

    @Option(help: "Images in the batch.")
    var batch = 16

    @Option(help: "Compute threads.")
    var threads = 1

    @Option(help: "Timed repetitions of every layer.")
    var repetitions = 30

    /// Channels in and out, side of the filter, side of the image.
    private static let layers = [
        (16, 16, 3, 32), (32, 32, 3, 16), (64, 64, 3, 8), (64, 16, 1, 32), (16, 64, 1, 32), (128, 32, 1, 16),
        (32, 128, 1, 16), (256, 64, 1, 8), (64, 256, 1, 8),
    ]

    mutating func validate() throws {
        guard batch >= 1, threads >= 1, repetitions >= 1 else {
            throw ValidationError("--batch, --threads and --repetitions must be at least 1.")
        }
    }

    func run() throws {
        ComputeThreads.count = threads
        var peak = FMAPeak(threads: threads)
        peak.measure()
        var rows: [(name: String, operations: Double, forward: Double, backward: Double)] = []
        for (inputs, outputs, kernel, side) in Self.layers {
            let geometry = ConvolutionGeometry(
                input: Shape(batch, inputs, side, side), outputChannels: outputs, kernel: kernel, stride: 1,
                padding: kernel / 2)
            let (forward, backward) = try seconds(of: geometry)
            peak.measure()
            rows.append(
                (
                    "\(kernel)×\(kernel), \(inputs) → \(outputs), \(side)×\(side)",
                    2 * Double(geometry.multiplyAdds), forward, backward
                ))
        }
        print("| layer, batch \(batch) | forward, of peak | backward, of peak |\n|---|---|---|")
        for row in rows {
            let shares = [row.operations / row.forward, 2 * row.operations / row.backward].map {
                String(format: "%.2f", $0 / peak.rate)
            }
            print("| \(row.name) | \(shares[0]) | \(shares[1]) |")
        }
        let rates = [peak.rate, peak.sustainedRate].map { String(format: "%.0f", 1e-9 * $0) }
        print(
            "\nPeak: \(rates[0]) GFLOP/s with \(FMAPeak.instructionSet), \(rates[1]) on average; threads: \(threads)."
        )
    }

    /// Of the value, and of the pull-back to the filter and the input; the least of all repetitions. Nothing is
    /// normalised; statistics of the value are taken.
    private func seconds(of geometry: ConvolutionGeometry) throws -> (forward: Double, backward: Double) {
        let kernels = Float.kernels
        let filter = numbers(geometry.filter)
        // As they lie in memory within a network: what convolutions left.
        let c = try kernels.convolution(numbers(geometry.input), filter, geometry)
        let x = LayerInput(try kernels.convolutionPullback(c, filter, geometry))
        var (forward, backward) = (Seconds(), Seconds())
        for _ in 0..<repetitions {
            _ = try forward.time { try kernels.layer(x, filter, geometry, adding: nil, measuringChannels: true) }
            _ = try backward.time {
                try kernels.layerPullback(LayerCotangent(c), at: x, filter, geometry, toFilter: true)
            }
        }
        return (forward.minimum ?? .infinity, backward.minimum ?? .infinity)
    }

    /// Of moderate size and either sign; what they are does not matter.
    private func numbers(_ shape: Shape) -> Tensor<Float> {
        Tensor((0..<shape.count).map { Float(($0 * 7919) % 1009) / 1009 - 0.5 }, shape: shape)
    }
}
