import Graphs
import Kernels
import Tensors

/// The rows x_0 … x_L in runs of one shape; a transition without shortcut ends a run too. Stage 0 is the stem's output
/// where the first unit changes its size.
public struct StagePartition: Sendable {
    /// The stage of every row.
    public let stageOfRow: [Int]
    public let summaries: [StageSummary]

    public init(_ model: ResidualModel) { self.init(model.rowShapes, runs: model.rows.map(\.stage)) }

    /// - Parameter shapes: of x_0 … x_L.
    public init(shapes: [Shape]) {
        let runs = shapes.indices.reduce(into: [Int]()) { runs, row in
            let last = runs.last ?? 0
            runs.append(row > 0 && shapes[row - 1] != shapes[row] ? last + 1 : last)
        }
        self.init(shapes, runs: runs)
    }

    /// - Parameter runs: a number for every row, the same within a run.
    private init(_ shapes: [Shape], runs: [Int]) {
        var stages: [StageSummary] = []
        let opensWithTransition = shapes.count > 1 && shapes[0] != shapes[1]
        for (row, shape) in shapes.enumerated() {
            if row > 0, runs[row - 1] == runs[row] {
                stages[stages.count - 1].lastUnit = row
            } else {
                stages.append(
                    StageSummary(
                        stage: stages.count + (opensWithTransition ? 0 : 1), channels: shape.features,
                        height: shape.isSequence ? shape[1] : shape.height, width: shape.width,
                        firstUnit: row, lastUnit: row))
            }
        }
        summaries = stages
        stageOfRow = stages.flatMap { stage in
            Array(repeating: stage.stage, count: stage.lastUnit - stage.firstUnit + 1)
        }
    }
}

extension Shape {
    /// (N, T, D).
    var isSequence: Bool { rank == 3 }
    /// Channels of maps and vectors, D of sequences.
    fileprivate var features: Int { isSequence ? self[2] : channels }
}
