import ResidualNetworks

/// The search that chose the paper's gate biases: each from 0 to −10 is trained on a part of the training set and
/// judged on the rest.
public struct GateBiasSearch: Sendable, Codable, Equatable {
    /// One bias, and the share of held-out images that it classified wrongly; `nil` where training broke off.
    public struct Trial: Sendable, Codable, Equatable {
        public var bias: Int
        public var heldOutError: Double?

        public init(bias: Int, heldOutError: Double?) {
            self.bias = bias
            self.heldOutError = heldOutError
        }
    }

    /// The shortcut's word without its bias, such as `gate-exclusive`.
    public var gate: String
    public var trials: [Trial]

    public init(gate: String, trials: [Trial]) {
        self.gate = gate
        self.trials = trials
    }

    public static let gates = ["gate-exclusive", "gate-shortcut"]
    public static let biases = Array(stride(from: 0, through: -10, by: -1))

    /// The bias of the least held-out error, of equal ones the largest.
    public var best: Int? {
        trials.filter { $0.heldOutError != nil }
            .min { ($0.heldOutError ?? 1, -$0.bias) < ($1.heldOutError ?? 1, -$1.bias) }?.bias
    }

    /// The rows that a search trains: every bias of every gate that the table has.
    ///
    /// - Parameter data: with the held-out part in the place of the test set.
    /// - Returns: `nil` where the table has no gate.
    public static func plan(for plan: ConfirmationPlan, heldOut data: ConfirmationData) -> ConfirmationPlan? {
        let rows = gates.compactMap { gate in plan.rows.first { $0.shortcut.hasPrefix(gate + ":") } }
            .flatMap { row in
                biases.map { bias in
                    var trial = row
                    trial.shortcut = "\(row.gate):\(bias)"
                    return trial
                }
            }
        guard !rows.isEmpty else { return nil }
        return ConfirmationPlan(
            table: plan.table, rows: rows, scale: plan.scale, seeds: Array(plan.seeds.prefix(1)), data: data)
    }

    /// What trained cells say.
    public static func outcomes(of plan: ConfirmationPlan, _ cells: [ConfirmationCell]) -> [GateBiasSearch] {
        gates.compactMap { gate in
            let rows = plan.rows.filter { $0.gate == gate }
            guard !rows.isEmpty else { return nil }
            return GateBiasSearch(
                gate: gate,
                trials: rows.map { row in
                    let bias = Int(row.shortcut.dropFirst(gate.count + 1)) ?? 0
                    return Trial(
                        bias: bias,
                        heldOutError: cells.first { $0.row == row.identity }?.testError)
                })
        }
    }
}

extension PaperRow {
    /// The shortcut's word before its argument.
    fileprivate var gate: String { String(shortcut.prefix { $0 != ":" }) }
}

extension ConfirmationPlan {
    /// With a row for the best bias of each gate, where the table has none.
    public func adding(_ searches: [GateBiasSearch]) -> ConfirmationPlan {
        var rows = rows
        for search in searches {
            guard let best = search.best, let model = rows.first(where: { $0.gate == search.gate }) else {
                continue
            }
            var row = model
            row.shortcut = "\(search.gate):\(best)"
            row.published = .untold
            row.place = "searched"
            if !rows.contains(where: { $0.identity == row.identity }) { rows.append(row) }
        }
        return ConfirmationPlan(table: table, rows: rows, scale: scale, seeds: seeds, data: data)
    }
}
