import COneDNN
import Synchronization
import Tensors

/// Owner of one of oneDNN's compiled convolutions. It holds no data, so any number of threads may run it.
final class CompiledConvolution: Sendable {
    enum Direction: Hashable, Sendable {
        case forward, backwardData, backwardWeights

        fileprivate var name: String {
            switch self {
            case .forward: "convolution"
            case .backwardData: "transposed convolution"
            case .backwardWeights: "filter gradient"
            }
        }

        fileprivate var code: od_direction {
            switch self {
            case .forward: od_forward
            case .backwardData: od_backward_data
            case .backwardWeights: od_backward_weights
            }
        }
    }

    /// What a compiled convolution depends on.
    struct Key: Hashable, Sendable {
        var geometry: ConvolutionGeometry
        var direction: Direction
        var block: Int
        var threads: Int32
    }

    let key: Key
    // Never written after initialisation; the library allows concurrent runs with separate scratch memory.
    nonisolated(unsafe) private let handle: OpaquePointer
    private let workspaceCount: Int
    /// In the convolution's own layout.
    let filterCount: Int
    let scratchCount: Int
    /// Whether the library has no more than loops for it, a hundred times as slow as its compiled code.
    let isUncompiled: Bool
    /// Runs that no thread is using.
    private let idleRuns = Mutex<[ConvolutionRun]>([])

    init(_ key: Key) throws {
        var geometry = od_geometry(key.geometry, block: key.block)
        var handle: OpaquePointer?
        let status = od_convolution_create(&geometry, key.direction.code, key.threads, &handle)
        try KernelError.check(status, key.description)
        guard let handle else { throw KernelError.oneDNN(key.description, "no convolution was made") }
        self.key = key
        self.handle = handle
        let stride = MemoryLayout<Float>.stride
        workspaceCount = Int(od_convolution_workspace_bytes(handle)) / stride
        filterCount = Int(od_convolution_filter_bytes(handle)) / stride
        scratchCount = Int(od_convolution_scratch_bytes(handle)) / stride
        isUncompiled = String(cString: od_convolution_implementation(handle)).hasPrefix("ref")
    }

    deinit {
        idleRuns.withLock { $0.removeAll() }
        od_convolution_destroy(handle)
    }

    /// The library's name for the code that runs.
    var implementation: String { String(cString: od_convolution_implementation(handle)) }

    func run(
        _ source: UnsafePointer<Float>?, _ filter: UnsafePointer<Float>?,
        _ result: UnsafeMutablePointer<Float>?
    ) throws {
        try withWorkspace { od_convolution_run(handle, source, filter, result, $0, key.threads) }
    }

    /// Of the direction `backwardWeights`.
    func runFilterGradient(
        _ x: UnsafePointer<Float>?, _ cotangent: UnsafePointer<Float>?, _ filter: UnsafeMutablePointer<Float>?
    ) throws {
        try withWorkspace {
            od_convolution_run_filter_gradient(handle, x, cotangent, filter, $0, key.threads)
        }
    }

    /// Lends a run for every thread of a team; they are kept for the next call.
    func withRuns<Result>(_ threads: Int32, _ body: ([ConvolutionRun]) throws -> Result) throws -> Result {
        var runs = idleRuns.withLock { idle in
            let taken = Array(idle.suffix(Int(threads)))
            idle.removeLast(taken.count)
            return taken
        }
        while runs.count < Int(threads) { runs.append(try ConvolutionRun(of: handle, key.description)) }
        defer { idleRuns.withLock { $0 += runs } }
        return try body(runs)
    }

    /// Brings a plain filter into the convolution's own layout.
    func prepare(_ plain: Tensor<Float>) throws -> Tensor<Float> {
        try .filled(Shape(1, filterCount), block: 1) { own in
            try withElements(plain) { plain in
                try KernelError.check(
                    od_convolution_reorder_filter(handle, plain, own, Int32(clamping: ComputeThreads.count)),
                    key.description)
            }
        }
    }

    /// Brings a filter gradient out of the convolution's own layout.
    func plainFilter(_ own: UnsafePointer<Float>, to plain: UnsafeMutablePointer<Float>?) throws {
        try KernelError.check(
            od_convolution_reorder_filter(handle, plain, own, Int32(clamping: ComputeThreads.count)),
            key.description)
    }

    private func withWorkspace(_ body: (UnsafeMutablePointer<Float>?) -> od_status) throws {
        // From the recycling arena: the reordered filter lives only as long as this call.
        var workspace = Tensor<Float>(uninitialized: Shape(1, workspaceCount))
        try workspace.withUnsafeMutableBufferPointer { workspace in
            try KernelError.check(body(workspace.baseAddress), key.description)
        }
    }
}

/// Owner of what one thread needs to run a compiled convolution without allocating anything.
final class ConvolutionRun: @unchecked Sendable {
    // Sendable because a run is lent to one thread at a time.
    private let handle: OpaquePointer

    fileprivate init(of convolution: OpaquePointer, _ description: String) throws {
        var handle: OpaquePointer?
        try KernelError.check(od_run_create(convolution, &handle), description)
        guard let handle else { throw KernelError.oneDNN(description, "no run was made") }
        self.handle = handle
    }

    deinit { od_run_destroy(handle) }

    /// Which of the maps and the filter are read and which is written follows from the direction.
    func execute(
        input: UnsafePointer<Float>, output: UnsafePointer<Float>, filter: UnsafePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) -> od_status { od_run_execute(handle, input, output, filter, scratch) }
}

extension CompiledConvolution.Key: CustomStringConvertible {
    var description: String {
        let axes = geometry.window.axes
        return "\(direction.name) \(geometry.input) → \(geometry.output), filter \(geometry.filter), groups "
            + "\(geometry.groups), strides \(axes.map(\.stride)), dilations \(axes.map(\.dilation)), padding "
            + "\(axes.map { [$0.before, $0.after] }), block \(block)"
    }
}

extension od_geometry {
    /// Channels are rounded up to whole blocks: the maps' padding channels are zero, and compiled code exists
    /// for whole blocks only.
    fileprivate init(_ geometry: ConvolutionGeometry, block: Int) {
        let filled = geometry.filling(blocksOf: block) ?? geometry
        let output = geometry.output
        var space = geometry.window.axes.enumerated().map { index, axis in
            od_axis(
                input: Int64(geometry.input[index + 2]), output: Int64(output[index + 2]),
                kernel: Int64(axis.kernel), stride: Int64(axis.stride), dilation: Int64(axis.dilation),
                before: Int64(axis.before), after: Int64(axis.after))
        }
        let axes = Int64(space.count)
        // More than three the library refuses.
        while space.count < 3 { space.append(od_axis()) }
        self.init(
            batch: Int64(geometry.input.batch), groups: Int64(filled.groups),
            input_channels: Int64(filled.input.channels), output_channels: Int64(filled.outputChannels),
            axes: axes, space: (space[0], space[1], space[2]), block: Int64(block))
    }
}

extension KernelError {
    static func oneDNN(_ operation: String, _ status: String) -> KernelError {
        .library(name: "oneDNN", operation: operation, status: status)
    }

    /// Throws unless a status says success.
    static func check(_ status: od_status, _ operation: @autoclosure () -> String) throws {
        guard status != 0 else { return }
        throw oneDNN(operation(), String(cString: od_status_text(status)))
    }
}
