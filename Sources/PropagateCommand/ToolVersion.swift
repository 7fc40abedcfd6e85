import Kernels
import NumericalMethods
import Synchronization

/// The versions that a manifest records.
enum ToolVersion {
    static let current = "0.1.0"
    /// The commit that was checked out when the program was built, with `+` where a source file had changed since;
    /// `nil` where it was built outside its repository.
    static var commit: String? { stamped.withLock { $0 } }

    /// What the program was stamped with; told once, before anything runs.
    static func adopt(commit: String?) { stamped.withLock { $0 = commit } }

    private static let stamped = Mutex<String?>(nil)

    static var libraries: [String: String] {
        [
            "OpenBLAS": ReferenceKernels.libraryVersion,
            "oneDNN": OneDNNKernels.libraryVersion,
            "GSL": NumericalLibrary.version,
            "Swift": swift,
        ]
    }

    private static var swift: String {
        #if swift(>=6.3)
            "6.3 or later"
        #elseif swift(>=6.2)
            "6.2"
        #else
            "6.0 or 6.1"
        #endif
    }
}
