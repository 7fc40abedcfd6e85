import Foundation
import Kernels
import ResidualNetworks
import Tensors

/// Peak memory of a measurement, predicted before it starts.
public struct MemoryPrediction: Sendable {
    /// Bytes.
    public let total: Int

    /// What the linearizations keep, the parameters, and the working set of a sweep.
    public init<Scalar: KernelScalar>(_ network: Network<Scalar>, input: Shape, probes: Int) {
        let rows = network.rowShapes(for: input)
        var kept = network.stem.keptElements(for: input)
        for (unit, shape) in zip(network.units, rows) {
            let output = unit.outputShape(for: shape)
            kept +=
                unit.shortcut.keptElements(for: shape) + unit.branch.keptElements(for: shape)
                + unit.after.keptElements(for: output)
        }
        let largest = rows.map(\.count).max() ?? 0
        let elements =
            kept + network.parameterCount + (Self.workingTensors + 3 * probes) * largest
        total = elements * MemoryLayout<Scalar>.stride + Self.runtime
    }

    /// Tensors of the largest size alive in a sweep: g, d, w within the network and the stage, the branch's
    /// pull-back, and what the kernels hold.
    private static let workingTensors = 16
    /// The program, its libraries and their compiled kernels, in bytes.
    private static let runtime = 60 << 20

    /// Memory that the system can give, in bytes, from the kernel's own estimate and the control group's limit.
    public static func available() -> Int? {
        var limits: [Int] = []
        if let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) {
            let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
            let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            limits += kibibytes.map { [$0 * 1024] } ?? []
        }
        for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
            let text = try? String(contentsOfFile: path, encoding: .utf8)
            limits +=
                text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }.map { [$0] } ?? []
        }
        return limits.min()
    }
}
