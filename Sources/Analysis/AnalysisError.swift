/// Why a network could not be measured.
public enum AnalysisError: Error, Equatable, CustomStringConvertible {
    /// Bytes needed and available.
    case doesNotFit(needed: Int, available: Int)

    public var description: String {
        switch self {
        case .doesNotFit(let needed, let available):
            "This measurement needs about \(Self.gibibytes(needed)) GiB of memory and "
                + "\(Self.gibibytes(available)) GiB are available: lower --batch, --depth or --width."
        }
    }

    private static func gibibytes(_ bytes: Int) -> String {
        let tenths = (Double(bytes) / Double(1 << 30) * 10).rounded() / 10
        return String(tenths)
    }
}
