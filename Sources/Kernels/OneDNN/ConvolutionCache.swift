import Synchronization

/// Compiled convolutions, one for each distinct shape, shared by all units of that shape.
///
/// A network of a thousand layers has about a dozen shapes; compiling one takes a tenth of a millisecond and
/// keeping it some tens of kilobytes.
enum ConvolutionCache {
    /// Of a run over networks of many kinds; beyond that all are released, and compiled again when they are asked for.
    private static let limit = 1024
    private static let compiled = Mutex<[CompiledConvolution.Key: CompiledConvolution]>([:])

    static func convolution(_ key: CompiledConvolution.Key) throws -> CompiledConvolution {
        try compiled.withLock { compiled in
            if let known = compiled[key] { return known }
            let convolution = try CompiledConvolution(key)
            if compiled.count >= limit { compiled.removeAll() }
            compiled[key] = convolution
            return convolution
        }
    }
}
