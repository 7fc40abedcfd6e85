/// Why a compute library could not do its work.
public enum KernelError: Error, Equatable, CustomStringConvertible {
    /// A call into a compute library failed: what was asked, and what it answered.
    case library(name: String, operation: String, status: String)

    public var description: String {
        switch self {
        case .library(let name, let operation, let status):
            "\(name) could not run \(operation): \(status)."
        }
    }
}
