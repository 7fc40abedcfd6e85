#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// JSON, for the names of its leaves.
enum SettingTree: Decodable {
    case leaf(String)
    case list([SettingTree])
    case branches([String: SettingTree])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let branches = try? container.decode([String: SettingTree].self) {
            self = .branches(branches)
        } else if let list = try? container.decode([SettingTree].self) {
            self = .list(list)
        } else if let text = try? container.decode(String.self) {
            self = .leaf(text)
        } else if let truth = try? container.decode(Bool.self) {
            self = .leaf(truth ? "true" : "false")
        } else if let whole = try? container.decode(UInt64.self) {
            self = .leaf(String(whole))
        } else {
            self = .leaf(String(try container.decode(Double.self)))
        }
    }

    /// What a value is made of, by the names that lead there.
    static func leaves(of value: some Encodable) throws -> [String: String] {
        try JSONDecoder().decode(SettingTree.self, from: JSONEncoder().encode(value)).leaves(under: "")
    }

    private func leaves(under name: String) -> [String: String] {
        switch self {
        case .leaf(let text): return [name: text]
        case .list(let items):
            let texts = items.map { $0.leaves(under: "").values.sorted().joined(separator: " ") }
            return [name: "[" + texts.joined(separator: ", ") + "]"]
        case .branches(let branches):
            return branches.reduce(into: [:]) { leaves, branch in
                let inner = name.isEmpty ? branch.key : name + "." + branch.key
                leaves.merge(branch.value.leaves(under: inner)) { first, _ in first }
            }
        }
    }
}
