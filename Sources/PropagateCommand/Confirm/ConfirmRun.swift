import Confirmation

/// Trains what is missing of a confirmation, telling the person who watches.
struct ConfirmRun {
    /// The folder that keeps finished runs; what a search trains is kept in a folder within.
    let store: String
    let jobs: Int
    let isQuiet: Bool

    /// - Parameter images: with a held-out part to search gate biases on; `nil` for no search.
    func result(of plan: ConfirmationPlan, heldOut images: ConfirmationImages?) throws -> ConfirmationResult {
        let watch = InterruptionNote(
            sentence: "stopped: what is done is in \(store); start again to go on.")
        defer { watch.end() }
        var plan = plan
        var searches: [GateBiasSearch] = []
        // First, so that a folder of another configuration is refused before anything is trained.
        let kept = try ConfirmationStore(
            path: store, configuration: try plan.configuration(version: ToolVersion.current))
        if let images,
            let search = GateBiasSearch.plan(for: plan, heldOut: images.data(for: plan.scale.recipe))
        {
            let cells = try train(
                search,
                in: ConfirmationStore(
                    path: "\(store)/\(ConfirmationStore.searchName)",
                    configuration: try search.configuration(version: ToolVersion.current)))
            searches = GateBiasSearch.outcomes(of: search, cells)
            plan = plan.adding(searches)
        }
        return ConfirmationResult(plan, cells: try train(plan, in: kept), searches: searches)
    }

    private func train(_ plan: ConfirmationPlan, in store: ConfirmationStore) throws -> [ConfirmationCell] {
        let all = plan.cells.count
        let missing = try ConfirmationRunner(store: store, jobs: jobs).missing(of: plan)
        if missing.count < all, !isQuiet {
            StandardStream.tell(
                "\(all - missing.count) of \(all) runs are in \(store.path); \(missing.count) to train.")
        }
        if !missing.isEmpty { try FolderPlace.requireWritable(store.path) }
        let works = try missing.map { ($0.name, try plan.work(of: $0)) }
        let progress = ConfirmationProgress(
            works: Dictionary(works) { $1 }, iterations: plan.scale.recipe.iterations, isQuiet: isQuiet)
        defer { progress.finish() }
        return try ConfirmationRunner(store: store, jobs: jobs) { progress.note($1, of: $0) }.run(plan)
    }
}
