import ResidualNetworks
import Tensors
import Testing

@testable import Confirmation

@Suite("The paper's tables")
struct PaperTableTests {
    @Test("Every row is a network of the paper's depth", arguments: PaperTable.allCases)
    func networks(table: PaperTable) throws {
        for row in table.rows {
            let classes = row.dataSet == .cifar100 ? 100 : 10
            let design = try row.design(input: Shape(1, 3, 32, 32), classes: classes, baseWidth: 16)
            #expect(design.depth == row.depth && design.layout.name == row.unit, "\(row.name)")
            #expect(design.shortcut.name == row.shortcut)
        }
        for dataSet in [PaperRow.DataSet.cifar10, .cifar100] {
            let rows = table.rows(on: dataSet)
            #expect(
                Set(rows.map(\.identity)).count == rows.count && Set(rows.map(\.name)).count == rows.count)
        }
    }

    @Test("The tables have as many rows as the paper's")
    func counts() {
        #expect(PaperTable.table1.rows.count == 11)
        #expect(PaperTable.table1.rows.allSatisfy { $0.unit == "original" && $0.depth == 110 })
        #expect(PaperTable.table1.rows.count { $0.published == .fails } == 4)
        #expect(PaperTable.table2.rows.count == 10 && PaperTable.table2.rows(on: .cifar100).isEmpty)
        #expect(PaperTable.table3.rows(on: .cifar10).count == 8)
        #expect(PaperTable.table3.rows(on: .cifar100).count == 4)
    }

    @Test("Another depth makes some rows one network, which is trained once")
    func otherDepth() throws {
        var scale = ConfirmationScale.standard
        scale.depth = 20
        let plan = try ConfirmationPlan(
            .table3, on: .cifar10, scale: scale, seeds: [3, 4], data: Synthetic.data())
        #expect(
            plan.rows.map(\.identity) == [
                "original.single.20.identity", "full-preact.single.20.identity",
                "original.basic.20.identity", "full-preact.basic.20.identity",
                "original.bottleneck.20.identity", "full-preact.bottleneck.20.identity",
            ])
        #expect(plan.cells.count == 12 && Set(plan.cells.map(\.seed)) == [3, 4])
        scale.depth = 21
        #expect(throws: NetworkError.self) {
            try ConfirmationPlan(.table3, on: .cifar10, scale: scale, seeds: [0], data: Synthetic.data())
        }
    }

    @Test("Deeper rows can be left out, and the deepest are trained first")
    func depthLimit() throws {
        let plan = try ConfirmationPlan(
            .table3, on: .cifar10, greatestDepth: 164, scale: .standard, seeds: [0], data: Synthetic.data())
        #expect(plan.rows.map(\.depth) == [110, 110, 110, 110, 164, 164])
        #expect(plan.cells.map(\.row.depth) == [164, 164, 110, 110, 110, 110])
        #expect(throws: ConfirmationError.allTooDeep(20)) {
            try ConfirmationPlan(
                .table1, on: .cifar10, greatestDepth: 20, scale: .standard, seeds: [0], data: Synthetic.data()
            )
        }
        #expect(throws: ConfirmationError.noRows(.table1, .cifar100)) {
            try ConfirmationPlan(.table1, on: .cifar100, scale: .standard, seeds: [0], data: Synthetic.data())
        }
    }
}
