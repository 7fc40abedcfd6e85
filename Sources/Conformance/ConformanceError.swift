/// Why a configuration could not be compared.
public enum ConformanceError: Error, Equatable, CustomStringConvertible {
    case tooManyUnits(Int, greatest: Int)

    public var description: String {
        switch self {
        case .tooManyUnits(let count, let greatest):
            "A list of layers is made for at most \(greatest) units, and this network has \(count): lower --depth."
        }
    }
}
