import COpenBLAS
import Tensors

/// The plain kernels in Double, block 1 (NCHW): what every other set of kernels is checked against.
public struct ReferenceKernels: KernelSet {
    init() { propagate_openblas_single_thread() }

    public func arranged(_ x: Tensor<Double>) -> Tensor<Double> { x }

    /// Version and kernels of the OpenBLAS in use.
    public static var libraryVersion: String { String(cString: propagate_openblas_configuration()) }
    /// The shared library that `cblas_dgemm` resolved to.
    public static var libraryPath: String { String(cString: propagate_dgemm_library()) }
}

extension Double: KernelScalar {
    public static let kernels = ReferenceKernels()

    /// OpenBLAS keeps a buffer for every thread that has called it.
    public static func reservedAddresses(threads: Int) -> Int {
        let (bytes, overflow) = max(0, threads - Int(propagate_openblas_callers()))
            .multipliedReportingOverflow(by: Int(propagate_openblas_buffer_bytes()))
        return overflow ? .max : bytes
    }
}
