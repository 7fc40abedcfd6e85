import Confirmation
import ResidualNetworks

/// Why a confirmation is not possible as it was asked for.
enum ConfirmRefusal: Error, Equatable, CustomStringConvertible {
    case untrainable(String)
    case paperNeedsCIFAR
    case unknownScale(String, closest: String?)
    case noGates(PaperTable)

    var description: String {
        switch self {
        case .untrainable(let word):
            "“\(word)” does not stand for the paper's data; --data takes digits8, digits, cifar10:DIR or cifar100:DIR."
        case .paperNeedsCIFAR:
            "--scale paper is the paper's training on CIFAR, and needs --data cifar10:DIR or cifar100:DIR."
        case .unknownScale(let word, let closest):
            "Unknown scale “\(word)”" + (closest.map { "; did you mean \($0)?" } ?? ".")
                + " Known are: \(ConfirmationScale.all.map(\.name).joined(separator: ", "))."
        case .noGates(let table): "--search-gate-bias needs rows with gates, and \(table.rawValue) has none."
        }
    }
}
