import Files
import ResidualNetworks

/// Why a confirmation cannot be run as it was asked for.
public enum ConfirmationError: InputFileFailure, OutputFileFailure, Equatable {
    case noRows(PaperTable, PaperRow.DataSet)
    case allTooDeep(Int)
    case otherConfiguration(folder: String, what: String, stored: String, asked: String)
    case foreignFolder(String)
    case inUse(String)
    case undescribed(String)
    case damagedDescription(String)
    case damagedCell(String)
    case tooLong(String, bytes: Int, limit: Int)
    case fileMissing(String)
    case unreadable(String, reason: String)
    case unwritable(String, reason: String)
}

extension ConfirmationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noRows(let table, let dataSet):
            "The paper's \(table.rawValue) has no row for \(dataSet.rawValue)."
        case .allTooDeep(let depth): "No row of the table has at most \(depth) layers."
        case .otherConfiguration(let folder, let what, let stored, let asked):
            "\(folder) holds results of another configuration (\(what): \(stored), now \(asked)): "
                + "name another folder with --store, or move this one away."
        case .foreignFolder(let folder):
            "\(folder) is not empty and holds no confirmation: name another folder with --store."
        case .inUse(let folder):
            "Another process is training in \(folder): wait for it, or name another folder with --store."
        case .undescribed(let folder):
            "\(folder) holds results and no longer says of what: name another folder with --store."
        case .damagedDescription(let path):
            "\(path) cannot be read: what its folder holds results of is lost; name another folder with --store."
        case .damagedCell(let path): "\(path) cannot be read as a result: remove it to train it again."
        case .tooLong(let path, let bytes, let limit):
            "\(path) is \(bytes) bytes long, and no confirmation writes more than \(limit): "
                + "name another folder with --store, or remove it."
        case .fileMissing(let path): "There is no file \(path)."
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)."
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)."
        }
    }
}
