import Analysis
import Tensors
import Testing

@Suite("Stages")
struct StagePartitionTests {
    private func stages(_ shapes: [Shape]) -> StagePartition { StagePartition(shapes: shapes) }
    private let a = Shape(2, 4, 8, 8)
    private let b = Shape(2, 8, 4, 4)
    private let c = Shape(2, 16, 2, 2)

    /// Basic blocks: the first unit keeps the stem's size, and the x that enters a transition belongs below it.
    @Test func countsFromOneWhereTheFirstUnitKeepsTheSize() {
        let partition = stages([a, a, a, b, b, c, c])
        #expect(partition.stageOfRow == [1, 1, 1, 2, 2, 3, 3])
        #expect(partition.summaries.map(\.firstUnit) == [0, 3, 5])
        #expect(partition.summaries.map(\.lastUnit) == [2, 4, 6])
        #expect(partition.summaries.map(\.channels) == [4, 8, 16])
        #expect(partition.summaries.map(\.height) == [8, 4, 2])
    }

    /// Bottlenecks widen in the first unit: x_0 stands alone as stage 0.
    @Test func stemAloneIsStageZero() {
        let partition = stages([a, b, b, c, c])
        #expect(partition.stageOfRow == [0, 1, 1, 2, 2])
        #expect(partition.summaries.map(\.stage) == [0, 1, 2])
    }

    @Test func oneStageAndOneRow() {
        #expect(stages([a, a, a]).stageOfRow == [1, 1, 1])
        #expect(stages([a]).stageOfRow == [1])
    }

    /// Equal width and another size, or equal size and another width, are both transitions.
    @Test func anyChangeOfShapeOpensAStage() {
        #expect(stages([a, a, Shape(2, 4, 4, 8), Shape(2, 8, 4, 8)]).stageOfRow == [1, 1, 2, 3])
    }

    /// A shape that comes back opens a new stage: stages are runs.
    @Test func stagesAreRuns() {
        #expect(stages([a, a, b, a]).stageOfRow == [1, 1, 2, 3])
    }
}
