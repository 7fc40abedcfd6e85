import Limits

/// Why a network could not be measured.
public enum AnalysisError: Error, Equatable, CustomStringConvertible {
    /// Bytes needed, and what there is.
    case doesNotFit(needed: Int, available: MemoryAllowance)

    public var description: String {
        switch self {
        case .doesNotFit(let needed, let available):
            "This measurement needs about \(ByteCount.words(needed)) of memory and \(available.clause): "
                + "lower --batch, --depth or --width."
        }
    }
}
