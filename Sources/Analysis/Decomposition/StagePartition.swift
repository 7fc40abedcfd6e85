import Kernels
import ResidualNetworks
import Tensors

/// The rows x_0 … x_L in runs of one shape. Stage 0 is the stem's output where the first unit changes its size.
public struct StagePartition: Sendable {
    /// The stage of every row.
    public let stageOfRow: [Int]
    public let summaries: [StageSummary]

    /// - Parameter shapes: of x_0 … x_L.
    public init(shapes: [Shape]) {
        var stages: [StageSummary] = []
        let opensWithTransition = shapes.count > 1 && shapes[0] != shapes[1]
        for (row, shape) in shapes.enumerated() {
            if row > 0, shapes[row - 1] == shape {
                stages[stages.count - 1].lastUnit = row
            } else {
                stages.append(
                    StageSummary(
                        stage: stages.count + (opensWithTransition ? 0 : 1), channels: shape.channels,
                        height: shape.height, width: shape.width, firstUnit: row, lastUnit: row))
            }
        }
        summaries = stages
        stageOfRow = stages.flatMap { stage in
            Array(repeating: stage.stage, count: stage.lastUnit - stage.firstUnit + 1)
        }
    }
}
