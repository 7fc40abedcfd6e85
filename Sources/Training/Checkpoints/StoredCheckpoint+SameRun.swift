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
        return try SettingTree.leaves(of: settings)
    }
}

extension TrainingRecipe {
    /// Every number of it, by name, such as `optimization.momentum`.
    public func settings() throws -> [String: String] { try SettingTree.leaves(of: self) }
}
