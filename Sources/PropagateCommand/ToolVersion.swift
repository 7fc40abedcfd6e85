import Kernels
import NumericalMethods

/// The versions that a manifest records.
enum ToolVersion {
    static let current = "0.1.0"

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
