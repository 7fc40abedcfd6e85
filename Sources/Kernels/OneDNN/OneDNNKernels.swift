import COneDNN
import Tensors

/// The Float kernels: linear layers by oneDNN, and convolutions where the fused C kernels do not serve; everything else
/// by those.
///
/// Maps are kept in the channel blocking that the machine's convolutions prefer; filters are plain and
/// reordered for each use, which costs less than keeping two more copies of every filter.
public struct OneDNNKernels: KernelSet {
    public typealias Scalar = Float

    public init() {}

    /// The channel blocking in which feature maps run fastest; vectors always have block 1.
    package static let channelBlock = Int(od_preferred_block())

    public func arranged(_ x: Tensor<Float>) -> Tensor<Float> {
        x.shape.isVector ? x : x.reblocked(to: Self.channelBlock)
    }

    /// The version of the oneDNN that runs, such as "2.6.3".
    public static var libraryVersion: String { String(cString: od_version()) }

    /// Threads for the fused kernels, as C takes them.
    var threads: Int32 { Int32(clamping: ComputeThreads.count) }
}

extension Float: KernelScalar {
    public static var kernels: OneDNNKernels { OneDNNKernels() }
}
