#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension StoredCheckpoint {
    /// Makes sure that the run can go on as it is asked for now.
    ///
    /// - Parameters:
    ///   - asked: the result of the run asked for, as it is before its first iteration.
    ///   - ignored: settings that may differ, by the names that errors use: `configuration.KEY`,
    ///     `recipe.batch`, `recipe.optimization.momentum`, `seed`, …
    /// - Throws: `CheckpointError.otherConfiguration` with the first setting, by name, that differs.
    public func requireSameRun(
        as asked: TrainingResult, ignoring ignored: Set<String> = []
    ) throws {
        let (stored, asked) = (try result.settings(), try asked.settings())
        for setting in Set(stored.keys).union(asked.keys).subtracting(ignored).sorted()
        where stored[setting] != asked[setting] {
            throw CheckpointError.otherConfiguration(
                path, setting: setting, stored: stored[setting] ?? "nothing",
                asked: asked[setting] ?? "nothing")
        }
    }
}

extension TrainingResult {
    /// All that a run follows from, by name.
    fileprivate func settings() throws -> [String: String] {
        struct Settings: Encodable {
            let configuration: [String: String]
            let recipe: TrainingRecipe
            let seed: UInt64
            let parameters: Int
            let trainingImages: Int
            let testImages: Int
        }
        let settings = Settings(
            configuration: configuration, recipe: recipe, seed: seed, parameters: parameters,
            trainingImages: trainingImages, testImages: testImages)
        let tree = try JSONDecoder().decode(SettingTree.self, from: JSONEncoder().encode(settings))
        return tree.leaves(under: "")
    }
}

/// JSON, for the names of its leaves.
private enum SettingTree: Decodable {
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

    func leaves(under name: String) -> [String: String] {
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
