import Limits
import Tensors

extension MemoryAllowance {
    /// What the process can have where so many bytes more are more than that; `nil` where they fit. What tensors leave free
    /// serves again; libraries reserve addresses for every thread.
    public static func shortage(
        for bytes: Int, in precision: any KernelScalar.Type
    ) -> MemoryAllowance? {
        let threads = ComputeThreads.count
        let available = ProcessLimits.current.memory(
            threads: threads, reserving: precision.reservedAddresses(threads: threads))
        guard let available else { return nil }
        let free = TensorMemory.current.bytesFree(countingAddresses: available.countsAddresses)
        return bytes - free > available.bytes ? available : nil
    }
}
