import Tensors

/// Why a network could not be measured.
public enum AnalysisError: Error, Equatable, CustomStringConvertible {
    /// Bytes needed and available.
    case doesNotFit(needed: Int, available: Int)

    public var description: String {
        switch self {
        case .doesNotFit(let needed, let available):
            "This measurement needs about \(SystemMemory.words(needed)) of memory and "
                + "\(SystemMemory.words(available)) are available: lower --batch, --depth or --width."
        }
    }
}
